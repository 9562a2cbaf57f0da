"""Sign-in through an OpenID Connect provider, which runs inside the test."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from browsing import PASSWORD, Browser
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey

from millrace.web.app import create_app
from millrace.web.security.outgoing import AddressRefused, AnswerTooLarge, CheckedTransport
from millrace.workbench.shared.serving import ServeSettings

KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1"})


@dataclass
class IdentityProvider:
    """A provider: it signs everybody in at once, as whatever `claims` say."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey = field(default_factory=lambda: KEY)
    begun: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def settings(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorise",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }

    def token(self, form: dict[str, list[str]]) -> dict[str, Any] | None:
        challenge = urlsafe_b64encode(sha256(form["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
        if form["code"] != ["the-code"] or challenge != self.begun["code_challenge"]:
            return None
        now = int(time.time())
        told = {
            "iss": self.address, "aud": "millrace", "sub": "s-1", "iat": now, "exp": now + 60,
            "nonce": self.begun["nonce"], "email": "ada@example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        told = {name: value for name, value in told.items() if value is not None}
        return {
            "access_token": "a",
            "token_type": "Bearer",
            "id_token": jwt.encode({"alg": "RS256", "kid": "k1"}, told, self.signs_with),
        }


@pytest.fixture(scope="module")
def listening() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/led-on":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
            elif self.path == "/endless":
                self.tell(None, b"x" * (2 * 2**20))
            elif self.path == "/keys":
                self.tell({"keys": [KEY.as_dict(private=False)]})
            else:
                self.tell(provider.settings())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            token = provider.token(form)
            self.tell(token or {"error": "invalid_grant"}, status=200 if token else 400)

        def tell(self, value: Any, body: bytes = b"", status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body or json.dumps(value).encode())

        def log_message(self, *_: Any) -> None:
            """In silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def provider(listening: IdentityProvider) -> IdentityProvider:
    listening.claims, listening.signs_with, listening.begun = {}, KEY, {}
    return listening


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, listening: IdentityProvider) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("organisation")
    file = folder / "organisation.yaml"
    file.write_text(
        f"name: Example AG\nissuer: {listening.address}\nclient_id: millrace\naddress: http://testserver\n"
        "may_be_private: true\n"
    )
    served = create_app(ServeSettings(folder / "workspace", is_alone=False, organisation=file))
    served.state.bench.open_first_account("ada@example.org", "Ada", PASSWORD)
    yield served
    served.state.bench.close()


def come_back(browser: Browser, provider: IdentityProvider, *, code: str = "the-code", state: str | None = None) -> Any:
    """Begin in a browser, sign in at the provider, come back with its code."""
    led = browser.get("/sign-in/organisation", follow_redirects=False)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(led.headers["location"]).query).items()}
    provider.begun = asked
    path = f"/sign-in/organisation/back?code={code}&state={asked['state'] if state is None else state}"
    return browser.get(path, follow_redirects=False)


def test_a_person_signs_in_through_the_organisation(app: FastAPI, provider: IdentityProvider) -> None:
    browser = Browser(app)
    assert "Sign in with Example AG" in browser.get("/sign-in").text
    answer = come_back(browser, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert ">Ada</a>" in browser.get("/").text
    assert provider.begun["code_challenge_method"] == "S256"
    assert provider.begun["redirect_uri"] == "http://testserver/sign-in/organisation/back"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"sub": None},
        {"sub": "s-9", "email": "nobody@example.org"},
        {"sub": "s-9", "email_verified": False},
    ],
    ids=str,
)
def test_what_does_not_fit_signs_nobody_in(app: FastAPI, provider: IdentityProvider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    browser = Browser(app)
    answer = come_back(browser, provider)
    assert answer.status_code == 403
    assert "did not succeed" in answer.text
    assert "millrace_session" not in browser.cookies


def test_a_foreign_signature_signs_nobody_in(app: FastAPI, provider: IdentityProvider) -> None:
    provider.signs_with = OTHER_KEY
    assert come_back(Browser(app), provider).status_code == 403


def test_a_sign_in_that_another_browser_began_is_refused(app: FastAPI, provider: IdentityProvider) -> None:
    browser = Browser(app)
    assert come_back(browser, provider, state="another").status_code == 403
    assert come_back(browser, provider, code="another").status_code == 403
    answer = Browser(app).get(f"/sign-in/organisation/back?code=the-code&state={provider.begun['state']}")
    assert answer.status_code == 403


def test_the_server_asks_no_private_address_and_is_not_led_on(provider: IdentityProvider) -> None:
    with httpx2.Client(transport=CheckedTransport(may_be_private=False)) as client:
        with pytest.raises(AddressRefused, match="private network"):
            client.get(provider.address.replace("http:", "https:"))
        with pytest.raises(AddressRefused, match="encryption"):
            client.get("http://example.org/")
        with pytest.raises(AddressRefused, match="not known"):
            client.get("https://nobody.invalid/")
    with httpx2.Client(transport=CheckedTransport(may_be_private=True)) as client:
        assert client.get(f"{provider.address}/led-on").status_code == 302
        with pytest.raises(AnswerTooLarge):
            client.get(f"{provider.address}/endless")
