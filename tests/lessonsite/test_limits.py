"""One address cannot have more done than a class needs; another one does not notice."""

from tests.conftest import StartSite
from tests.visiting import LESSON, RECORDED, SPEC, Visitor

MOST = 6
HTMX = {"HX-Request": "true"}


def test_a_flood_from_one_address_is_refused_and_another_is_served(start_site: StartSite) -> None:
    site = start_site(ADDRESS_RUNS=str(MOST), PROXIES="1").url

    def sent(address: str) -> int:
        """By a browser that nobody knows yet, which claims to come from elsewhere."""
        form = {**SPEC, "requests": 1, "wait": 0.1}
        answer = Visitor(site).post(
            f"{LESSON}runs/", form, LESSON, **{"X-Forwarded-For": f"6.6.6.6, {address}", **HTMX}
        )
        if answer.status == 429:
            assert answer.headers["Retry-After"] == "60"
            assert answer.text == (
                "Your network has asked for too much in this minute. "
                "Nothing was started: others would have to wait for it. Try again in a minute.\n"
            )
        return answer.status

    assert [sent("192.0.2.1") for _ in range(MOST + 2)] == [200] * MOST + [429] * 2
    assert sent("192.0.2.2") == 200


def test_what_costs_more_may_be_asked_for_less_often(start_site: StartSite) -> None:
    visitor = Visitor(start_site(ADDRESS_RUNS=str(MOST)).url)
    moment = {"cursor": 9, "lane": "sync@waitress", "request": 1}
    statuses = [
        visitor.post(f"{RECORDED}share/", moment | {"cursor": at}, LESSON, **HTMX).status for at in range(9, 13)
    ]
    assert statuses == [200, 200, 200, 429]
    measured = visitor.post(f"{LESSON}performance/measurements/", {}, f"{LESSON}performance/", **HTMX)
    assert measured.status == 429
