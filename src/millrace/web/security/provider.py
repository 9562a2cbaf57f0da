"""The organisation's OpenID Connect provider: the code flow with PKCE, state and nonce."""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from threading import Lock
from time import monotonic
from typing import Any

import httpx2
from joserfc.errors import JoseError

from millrace.errors import MillraceError
from millrace.web.security.outgoing import client_options
from millrace.workbench.shared.organisation import Organisation

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures that are believed: none with a shared secret, and never none at all."""
_KNOWN_FOR_SECONDS = 3600.0


class SignInRefused(MillraceError):
    """The organisation's sign-in did not come to a good end."""

    slug = "sign-in-refused"

    def __init__(self, why: str) -> None:
        """Say what happened, and what to do."""
        super().__init__(f"The organisation’s sign-in did not succeed: {why}. Begin again, or ask an admin.")


@dataclass(frozen=True)
class Begun:
    """A sign-in that one browser began. It stays in that browser, and ends with it."""

    state: str
    nonce: str
    verifier: str

    def written(self) -> str:
        """As the browser's cookie keeps it."""
        return urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    def is_of(self, state: str) -> bool:
        """True where the provider leads back to this very sign-in."""
        return hmac.compare_digest(self.state.encode(), state.encode())

    @classmethod
    def read(cls, written: str) -> "Begun | None":
        """As `written` wrote it; None for anything else."""
        try:
            return cls(**json.loads(urlsafe_b64decode(written)))
        except (ValueError, TypeError):
            return None


class Provider:
    """Where people of the organisation sign in."""

    def __init__(self, organisation: Organisation) -> None:
        """Ask the provider of `organisation`, as soon as somebody signs in."""
        self.organisation = organisation
        self._lock = Lock()
        self._known: dict[str, Any] = {}
        self._known_until = 0.0
        self._may_be_private = organisation.may_be_private

    def begin(self) -> tuple[str, Begun]:
        """The address to lead the browser to, and what the browser has to keep. Raises SignInRefused."""
        begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoints()["authorization_endpoint"],
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(address), begun

    def claims(self, begun: Begun, code: str) -> dict[str, Any]:
        """What the provider says of the person who came back with `code`. Raises SignInRefused."""
        endpoints = self._endpoints()
        try:
            with self._client() as client:
                token = client.fetch_token(endpoints["token_endpoint"], code=code, code_verifier=begun.verifier)
        except MillraceError:
            raise
        except Exception as error:
            # Authlib, its client and the wire each have failures of their own; what they say may hold the code.
            raise SignInRefused("the provider did not accept it") from error
        if "id_token" not in token:
            raise SignInRefused("the provider did not say who it is")
        return self._verified(token["id_token"], begun, endpoints)

    def _verified(self, id_token: str, begun: Begun, endpoints: dict[str, Any]) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.jwk import KeySet

        essential: dict[str, Any] = {
            "iss": {"essential": True, "value": self.organisation.issuer},
            "aud": {"essential": True, "value": self.organisation.client_id},
            "nonce": {"essential": True, "value": begun.nonce},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        try:
            token = jwt.decode(id_token, KeySet.import_key_set(endpoints["keys"]), algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(leeway=60, **essential).validate(token.claims)
        except (JoseError, ValueError) as error:
            raise SignInRefused("what the provider says cannot be believed") from error
        if token.claims.get("azp", self.organisation.client_id) != self.organisation.client_id:
            raise SignInRefused("what the provider says was meant for somebody else")
        return dict(token.claims)

    def _endpoints(self) -> dict[str, Any]:
        """The provider's addresses and keys, asked for once an hour. Raises SignInRefused."""
        with self._lock:
            if monotonic() > self._known_until:
                self._known = self._asked()
                self._known_until = monotonic() + _KNOWN_FOR_SECONDS
            return self._known

    def _asked(self) -> dict[str, Any]:
        issuer = self.organisation.issuer
        with httpx2.Client(**client_options(may_be_private=self._may_be_private)) as client:  # type: ignore[arg-type]
            told = _told(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != issuer:
                raise SignInRefused("the provider calls itself otherwise than the settings do")
            missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - told.keys()
            if missing:
                raise SignInRefused(f"the provider does not say its {min(missing)}")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not str(told[name]).startswith(("https://", "http://") if self._may_be_private else "https://"):
                    raise SignInRefused(f"the provider’s {name} is not asked with encryption")
            return told | {"keys": _told(client, str(told["jwks_uri"]))}

    def _client(self) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        organisation = self.organisation
        secret = organisation.client_secret()
        return OAuth2Client(
            organisation.client_id,
            secret,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=" ".join(organisation.scopes),
            redirect_uri=organisation.redirect_address,
            code_challenge_method="S256",
            **client_options(may_be_private=self._may_be_private),
        )


def _told(client: httpx2.Client, address: str) -> dict[str, Any]:
    try:
        answer = client.get(address)
        told = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, ValueError) as error:
        raise SignInRefused("the provider cannot be reached") from error
    if not isinstance(told, dict):
        raise SignInRefused(f"the provider answers {answer.status_code} where its settings should be")
    return told
