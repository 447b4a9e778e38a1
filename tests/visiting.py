"""A browser without a page: keeps its cookies, and posts the forms that a page of the site holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.test import Client

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


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

    site: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One answer."""
        return self._open(Request(self.site + path, headers=headers, method=method))

    def post(self, path: str, form: Mapping[str, object], token_of: str, **headers: str) -> Answer:
        """Post a form, with the token that the page `token_of` holds."""
        found = TOKEN.search(self.get(token_of).text)
        assert found, f"{token_of} holds no form"
        body = urlencode({"csrfmiddlewaretoken": found[1], **form}).encode()
        return self._open(Request(self.site + path, body, headers))

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
