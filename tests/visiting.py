"""A browser without a page: keeps its cookies, and posts the forms that a page of the site holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.test import Client

LESSON: Final = "/lessons/why-async-matters/"
RECORDED: Final = f"{LESSON}runs/recorded-why-async-matters/"
SPEC: Final = {"requests": 2, "wait": 0.2, "workers": 1, "lanes": ("sync@waitress", "async@daphne")}
TOKEN_FIELD: Final = "csrfmiddlewaretoken"
TOKEN: Final = re.compile(rf'name="{TOKEN_FIELD}" value="(\w+)"')
RUN_NAME: Final = re.compile(r"/lessons/[\w-]+/runs/([\w-]+)/")


class Stay(HTTPRedirectHandler):
    """Does not follow."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """Asks a site; error answers are answers like any other, and redirects are not followed."""

    site: str  # its address, without a slash at the end
    cookies: CookieJar = field(default_factory=CookieJar)

    def at(self, site: str) -> "Visitor":
        """The same browser at another site of this host, with the same cookies."""
        return replace(self, site=site)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One answer."""
        return self._open(Request(self.site + path, headers=headers, method=method))

    def page(self, path: str) -> str:
        """A page that must be there."""
        answer = self.get(path)
        assert answer.status == 200, f"{answer.status} at {path}"
        return answer.text

    def post(self, path: str, form: Mapping[str, object], token_of: str, **headers: str) -> Answer:
        """Post a form with the token that the page `token_of` holds; each item of a sequence is sent."""
        found = TOKEN.search(self.get(token_of).text)
        assert found, f"{token_of} holds no form"
        body = urlencode({TOKEN_FIELD: found[1], **form}, doseq=True).encode()
        return self._open(Request(self.site + path, body, headers))

    def send_body(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post whatever it is."""
        return self._open(Request(self.site + path, body, dict(headers)))

    def send(self, **changes: object) -> str:
        """Send a run from the lesson's page; its name."""
        answer = self.post(f"{LESSON}runs/", {**SPEC, **changes}, LESSON)
        found = RUN_NAME.search(answer.headers.get("Location", ""))
        assert found, f"{answer.status}: {answer.text}"
        return found[1]

    def _open(self, request: Request) -> Answer:
        opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies), Stay())
        try:
            response: HTTPResponse = opener.open(request, timeout=30)
        except HTTPError as error:
            response = error  # type: ignore[assignment]  # is a response, too
        with response:
            return Answer(response.status, response.headers, response.read())  # type: ignore[arg-type]


def learner_of(client: Client) -> str:
    """The name in the cookie of Django's test client, which has opened a page of a lesson."""
    name: str = client.cookies["learner"].value.partition(":")[0]
    assert name
    return name
