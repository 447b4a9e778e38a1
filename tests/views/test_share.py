"""A moment of a run has one address, for 90 days."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from lessons.errors import Refused
from lessons.models import Share
from lessons.runs import shares

pytestmark = pytest.mark.django_db
MOMENT = ("run-1", "small", 12, "sync@waitress", 3)


def expire(key: str, ago: float = 1.0) -> None:
    Share.objects.filter(key=key).update(expires=timezone.now() - timedelta(seconds=ago))


def test_a_share_is_found_by_its_key() -> None:
    made = shares.create_share(*MOMENT)
    found = shares.find_share(made.key)
    assert (found.run, found.lesson, found.cursor, found.lane, found.request) == MOMENT
    assert shares.KEY.fullmatch(made.key)


def test_the_same_moment_keeps_its_key_and_lasts_anew() -> None:
    made = shares.create_share(*MOMENT)
    Share.objects.update(expires=timezone.now() + timedelta(days=3))
    again = shares.create_share(*MOMENT)
    assert again.key == made.key
    assert abs(again.expires - timezone.now() - shares.LASTS) < timedelta(minutes=1)
    assert Share.objects.count() == 1


def test_an_expired_moment_that_is_shared_again_has_its_old_address() -> None:
    made = shares.create_share(*MOMENT)
    expire(made.key)
    assert shares.create_share(*MOMENT).key == made.key
    assert shares.find_share(made.key)


@pytest.mark.parametrize(
    "other",
    [
        ("run-2", "small", 12, "sync@waitress", 3),
        ("run-1", "small", 0, "sync@waitress", 3),
        ("run-1", "small", 12, "async@daphne", 3),
        ("run-1", "small", 12, "sync@waitress", 1),
    ],
)
def test_every_other_moment_has_another_key(other: tuple[str, str, int, str, int]) -> None:
    assert shares.create_share(*MOMENT).key != shares.create_share(*other).key


def test_it_is_gone_when_it_has_expired() -> None:
    made = shares.create_share(*MOMENT)
    assert shares.share_of_moment("run-1", 12, "sync@waitress", 3) == made
    expire(made.key)
    with pytest.raises(shares.ShareExpired) as gone:
        shares.find_share(made.key)
    assert gone.value.lesson == "small"
    assert shares.share_of_moment("run-1", 12, "sync@waitress", 3) is None


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 12, "x" * 4000, "' or 1=1 --", "abcdefghij\0", "äbcdefghijk", "a/b"]
)
def test_what_is_no_key_finds_nothing(key: str) -> None:
    shares.create_share(*MOMENT)
    with pytest.raises(shares.ShareGone) as gone:
        shares.find_share(key)
    assert not isinstance(gone.value, shares.ShareExpired)


def make_many(count: int, network: str) -> Share:
    for cursor in range(1, count + 1):
        made = shares.create_share("run-1", "small", cursor, "sync@waitress", 1, network)
    return made


def test_a_network_shares_so_many_moments_of_a_run_and_keeps_nobody_else_from_it() -> None:
    cache.clear()
    last = make_many(shares.MOST, "192.0.2.1")
    with pytest.raises(Refused) as refused:
        make_many(shares.MOST + 1, "192.0.2.1")
    assert refused.value.code == "too-many"
    assert shares.create_share("run-1", "small", last.cursor, "sync@waitress", 1, "192.0.2.1").key == last.key
    assert shares.create_share("run-2", "small", 0, "sync@waitress", 1, "192.0.2.1")
    assert make_many(shares.MOST + 1, "192.0.2.2").cursor == shares.MOST + 1


def test_moments_of_a_run_are_bounded_whoever_shares_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_LIVING", 3)
    last = make_many(3, "192.0.2.3")
    with pytest.raises(Refused):
        make_many(4, "192.0.2.4")
    expire(last.key)
    assert shares.create_share("run-1", "small", 9, "sync@waitress", 1, "192.0.2.4")  # there is room again


def test_what_one_network_makes_does_not_fill_a_run() -> None:
    assert shares.MOST * (shares.LASTS / timedelta(seconds=shares.DAY) + 2) < shares.MOST_LIVING


def test_pruning_deletes_what_has_expired_and_nothing_else() -> None:
    old, young = shares.create_share(*MOMENT), shares.create_share("run-1", "small", 13, "sync@waitress", 3)
    expire(old.key)
    assert shares.prune_shares() == 1
    assert list(Share.objects.all()) == [young]
