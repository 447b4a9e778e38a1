"""A moment of a run has one address, for 90 days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lessons import share
from lessons.models import Share
from lessons.refusal import Refused

pytestmark = pytest.mark.django_db
MOMENT = ("run-1", "small", 12, "sync@waitress", 3)


def expire(key: str, ago: float = 1.0) -> None:
    Share.objects.filter(key=key).update(expires=timezone.now() - timedelta(seconds=ago))


def test_a_share_is_found_by_its_key() -> None:
    made = share.make(*MOMENT)
    found = share.find(made.key)
    assert (found.run, found.lesson, found.cursor, found.lane, found.request) == MOMENT
    assert share.KEY.fullmatch(made.key)


def test_the_same_moment_keeps_its_key_and_lasts_anew() -> None:
    made = share.make(*MOMENT)
    Share.objects.update(expires=timezone.now() + timedelta(days=3))
    again = share.make(*MOMENT)
    assert again.key == made.key
    assert abs(again.expires - timezone.now() - share.LASTS) < timedelta(minutes=1)
    assert Share.objects.count() == 1


def test_an_expired_moment_that_is_shared_again_has_its_old_address() -> None:
    made = share.make(*MOMENT)
    expire(made.key)
    assert share.make(*MOMENT).key == made.key
    assert share.find(made.key)


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
    assert share.make(*MOMENT).key != share.make(*other).key


def test_it_is_gone_when_it_has_expired() -> None:
    made = share.make(*MOMENT)
    assert share.of("run-1", 12, "sync@waitress", 3) == made
    expire(made.key)
    with pytest.raises(share.Gone) as gone:
        share.find(made.key)
    assert gone.value.lesson == "small"
    assert share.of("run-1", 12, "sync@waitress", 3) is None


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 12, "x" * 4000, "' or 1=1 --", "abcdefghij\0", "äbcdefghijk", "a/b"]
)
def test_what_is_no_key_finds_nothing(key: str) -> None:
    share.make(*MOMENT)
    with pytest.raises(share.Gone) as gone:
        share.find(key)
    assert gone.value.lesson == ""


def test_a_run_has_a_limited_number_of_shared_moments() -> None:
    first = share.make("run-1", "small", 0, "sync@waitress", 1)
    for cursor in range(1, share.MOST):
        share.make("run-1", "small", cursor, "sync@waitress", 1)
    with pytest.raises(Refused) as refused:
        share.make("run-1", "small", share.MOST, "sync@waitress", 1)
    assert refused.value.code == "too-many"
    assert share.make("run-1", "small", 0, "sync@waitress", 1).key == first.key  # is not one more
    assert share.make("run-2", "small", 0, "sync@waitress", 1)
    expire(first.key)
    assert share.make("run-1", "small", share.MOST, "sync@waitress", 1)  # there is room again


def test_pruning_deletes_what_has_expired_and_nothing_else() -> None:
    old, young = share.make(*MOMENT), share.make("run-1", "small", 13, "sync@waitress", 3)
    expire(old.key)
    assert share.prune() == 1
    assert list(Share.objects.all()) == [young]
