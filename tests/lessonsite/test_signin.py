"""Signing in to the admin is tried a few times, not a million times: at a real site, with real passwords."""

import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import RequestFactory

from lessons.addresses import client_address
from lessonsite.signin import BUSY, BY_ADDRESS, BY_NAME, _name_key
from tests.conftest import StartSite
from tests.processes import ROOT, clean_environ
from tests.visiting import TOKEN, TOKEN_FIELD

PASSWORD = "a-long-secret-9"
LOGIN = "/admin/login/?next=/admin/"
IN, WRONG, REFUSED = 302, 200, 429
QUICK = {"DJANGO_SETTINGS_MODULE": "tests.lessonsite.quick_passwords"}


def account(folder: Path, **variables: str) -> None:
    """Somebody who may sign in."""
    environ = clean_environ(DATA_DIR=str(folder), DJANGO_SUPERUSER_PASSWORD=PASSWORD, **QUICK, **variables)
    command = ["manage.py", "createsuperuser", "--noinput", "--username=teacher", "--email=t@example.org"]
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environ, check=True, capture_output=True)


def sign_in(site: str, name: str, password: str, origin: str = "") -> tuple[int, str]:
    """Status and page for a new browser; with `origin` it is one of that address, behind a proxy that ends TLS."""
    headers = {"Referer": site.replace("http:", "https:") + LOGIN}
    if origin:  # a browser may claim an address, too: the proxy's word stands last
        headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": f"198.51.100.1, {origin}"}
    connection = HTTPConnection(urlsplit(site).netloc, timeout=60)
    connection.request("GET", LOGIN, headers=headers)
    answer = connection.getresponse()
    token = TOKEN.search(answer.read().decode())
    assert token
    headers["Cookie"] = str(answer.headers["Set-Cookie"]).partition(";")[0]
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    form = urlencode({"username": name, "password": password, TOKEN_FIELD: token[1]})
    connection.request("POST", LOGIN, form, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


def test_spellings_of_a_name_are_one_name():
    assert len({_name_key(each) for each in ("teacher", " teacher ", "ｔｅａｃｈｅｒ", "teacher\u00a0")}) == 1
    assert _name_key("teacher") != _name_key("Teacher")


def test_who_guesses_is_stopped_and_who_mistypes_is_let_in(start_site: StartSite, tmp_path: Path):
    data = tmp_path / "data"
    site = start_site(DATA_DIR=str(data), **QUICK).url
    account(data)
    for number in range(BY_ADDRESS - 1):
        status, page = sign_in(site, "teacher", f"wrong-{number}")
        assert (status, "Please enter the correct username" in page) == (WRONG, True)
    assert sign_in(site, "teacher", PASSWORD)[0] == IN  # which forgives what was mistyped
    for number in range(BY_ADDRESS):
        assert sign_in(site, f"guess-{number}", PASSWORD)[0] == WRONG
    for password in ("wrong", PASSWORD):
        status, page = sign_in(site, "teacher", password)
        assert (status, BUSY in page) == (REFUSED, True)


def test_a_name_is_guessed_from_everywhere_in_vain(start_site: StartSite, redis_url: str, tmp_path: Path):
    shared = {"REDIS_URL": redis_url, "SECRET_KEY": "k" * 50, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    sites = [start_site(**shared, **QUICK, SECURE="1").url for _ in range(2)]
    account(tmp_path, **shared)
    for number in range(BY_NAME):
        assert sign_in(sites[number % 2], "teacher", "wrong", f"203.0.113.{number}")[0] == WRONG
    for site in sites:
        assert sign_in(site, "teacher", PASSWORD, "203.0.113.99")[0] == REFUSED
        assert sign_in(site, "somebody", "wrong", "203.0.113.99")[0] == WRONG


def test_one_address_locks_nobody_else_out(start_site: StartSite, tmp_path: Path):
    data = tmp_path / "data"
    site = start_site(DATA_DIR=str(data), **QUICK, SECURE="1", SECRET_KEY="k" * 50).url
    account(data)
    answers = [sign_in(site, "teacher", "wrong", "203.0.113.1")[0] for _ in range(BY_NAME + 5)]
    assert answers == [WRONG] * BY_ADDRESS + [REFUSED] * (BY_NAME + 5 - BY_ADDRESS)
    assert sign_in(site, "teacher", PASSWORD, "203.0.113.2")[0] == IN


@pytest.mark.parametrize(
    ("peer", "told", "proxies", "expected"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "", 1, "192.0.2.1"),
        ("192.0.2.1", "6.6.6.6, 198.51.100.7, 192.0.2.9", 2, "198.51.100.7"),
        ("192.0.2.1", "198.51.100.7", 2, "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "", 0, "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("", "", 0, ""),
        ("192.0.2.1", "unknown", 1, "unknown"),
    ],
)
def test_the_address_is_that_of_the_browser(settings, peer, told, proxies, expected):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **({"HTTP_X_FORWARDED_FOR": told} if told else {}))
    assert client_address(request) == expected
