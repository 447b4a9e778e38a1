"""Where a request comes from is the same over HTTP and over a socket."""

import pytest
from django.test import RequestFactory, override_settings

from lessons.addresses import client_address, scope_address

FORWARDED = "203.0.113.9, 198.51.100.7"


@pytest.mark.parametrize(("proxies", "address"), [(0, "192.0.2.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_a_socket_comes_from_where_a_request_comes_from(proxies: int, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=FORWARDED)
    passed = [part.strip().encode() for part in FORWARDED.split(",")]
    one = {"client": ("192.0.2.1", 4711), "headers": [(b"x-forwarded-for", FORWARDED.encode())]}
    several = {**one, "headers": [(b"x-forwarded-for", part) for part in passed]}
    with override_settings(PROXIES=proxies):
        assert {client_address(request), scope_address(one), scope_address(several)} == {address}


def test_a_socket_of_the_same_machine_may_have_no_address() -> None:
    assert scope_address({"client": None, "headers": []}) == ""
