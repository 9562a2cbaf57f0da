"""Requests that the server itself makes: only to where it may, never led on, never without end."""

from collections.abc import Iterator

import httpx2

from millrace.errors import MillraceError
from millrace.govern.host_addresses import host_addresses, is_public

_LONGEST_SECONDS = 10.0
_LARGEST_BYTES = 2**20


class AddressRefused(MillraceError):
    """The server was to ask an address that it must not ask."""

    slug = "address-refused"

    def __init__(self, host: str, why: str) -> None:
        """Name the host and the reason."""
        super().__init__(f"Millrace does not ask “{host}”: {why}.")


class AnswerTooLarge(MillraceError):
    """Somebody answers without end."""

    slug = "answer-too-large"

    def __init__(self, host: str) -> None:
        """Name the host."""
        super().__init__(f"“{host}” answers with more than {_LARGEST_BYTES // 2**20} MB.")


class CheckedTransport(httpx2.BaseTransport):
    """Looks a host up, refuses private addresses, and asks the very address that it looked at."""

    def __init__(self, *, may_be_private: bool) -> None:
        """With `may_be_private`, also ask addresses inside the own network, and without encryption."""
        self._may_be_private = may_be_private
        self._transport = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask. Raises AddressRefused, AnswerTooLarge."""
        host = request.url.host
        if request.url.scheme != "https" and not self._may_be_private:
            raise AddressRefused(host, "it is not asked with encryption")
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=self._address(host))
        response = self._transport.handle_request(request)
        assert isinstance(response.stream, httpx2.SyncByteStream)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Bounded(response.stream, host),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Let go of connections."""
        self._transport.close()

    def _address(self, host: str) -> str:
        found = host_addresses(host)
        if not found:
            raise AddressRefused(host, "it is not known")
        if not self._may_be_private and not all(is_public(each) for each in found):
            raise AddressRefused(host, "it lies inside a private network, which the administrator has to allow")
        return min(str(each) for each in found)


class _Bounded(httpx2.SyncByteStream):
    """An answer that breaks off where it becomes too large."""

    def __init__(self, stream: httpx2.SyncByteStream, host: str) -> None:
        self._stream, self._host = stream, host

    def __iter__(self) -> Iterator[bytes]:
        n_bytes = 0
        for chunk in self._stream:
            n_bytes += len(chunk)
            if n_bytes > _LARGEST_BYTES:
                raise AnswerTooLarge(self._host)
            yield chunk

    def close(self) -> None:
        self._stream.close()


def client_options(*, may_be_private: bool) -> dict[str, object]:
    """What every client of the server's own requests is made with."""
    return {
        "transport": CheckedTransport(may_be_private=may_be_private),
        "follow_redirects": False,
        "timeout": _LONGEST_SECONDS,
        "trust_env": False,
    }
