"""The archive: what goes in comes out, whatever asks; and what is pruned, deleted, kept."""

import bz2
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lessons import catalogue
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.learning.retention import forget_before
from lessons.log.protocol import RunUnknown
from lessons.models import ArchivedRun, Share, Visit
from lessons.runs import archive, shares
from tests.learning.small import LEARNER, OTHER
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
EVENTS = tuple(Event.from_record(json.loads(json.dumps(each.as_record()))) for each in scenes.one_each())


def keep(run: str, learner: str = LEARNER, days: float = 0.0, **fields: Any) -> str:
    """Archive a small run that many days ago."""
    then = timezone.now() - timedelta(days=days)
    events = tuple(
        replace(each, body=replace(each.body, at=then.timestamp())) if isinstance(each.body, ev.RunStarted) else each
        for each in EVENTS
    )
    assert archive.store_row(archive.archive_row(run, learner, events))
    ArchivedRun.objects.filter(run=run).update(archived_at=then, **fields)
    return run


def shared(run: str, days: float = 90.0) -> None:
    key = shares.create_share(run, SLUG, 3, SYNC, 1).key
    Share.objects.filter(key=key).update(expires=timezone.now() + timedelta(days=days))


def names() -> set[str]:
    return set(ArchivedRun.objects.values_list("run", flat=True))


# Events as bytes


def test_what_is_packed_comes_out_as_it_was() -> None:
    for events in (EVENTS, catalogue.recorded_events(scenes.lesson())):
        assert archive.unpack_events(archive.pack_events(events)) == events


def test_packing_makes_a_recorded_run_ten_times_smaller() -> None:
    events = catalogue.recorded_events(scenes.lesson())
    lines = "".join(json.dumps(each.as_record()) + "\n" for each in events)
    assert len(archive.pack_events(events)) * 10 < len(lines)


@pytest.mark.parametrize(
    "packed",
    [b"", b"no", bz2.compress(b"\xff\xfe"), bz2.compress(b"[1]"), bz2.compress(b""), archive.pack_events(EVENTS)[:-9]],
)
def test_what_is_not_packed_events_is_damaged(packed: bytes) -> None:
    with pytest.raises(archive.DamagedArchive):
        archive.unpack_events(packed)


def test_a_few_bytes_that_unpack_to_many_are_refused() -> None:
    bomb = bz2.compress(b"\n" * (archive.MAX_BYTES + 1))
    assert len(bomb) < 1000
    with pytest.raises(archive.DamagedArchive, match="too many"):
        archive.unpack_events(bomb)


# Runs as rows


def test_a_row_tells_of_its_run() -> None:
    keep("told", days=2)
    row = ArchivedRun.objects.get(run="told")
    assert (row.learner, row.lesson, row.outcome, row.count) == (LEARNER, SLUG, "done", len(EVENTS))
    assert row.spec == json.loads(json.dumps(scenes.spec().as_data()))
    assert row.servers == {SYNC: "waitress 9.9", ASYNC: "daphne 9.9"}
    assert row.totals == {SYNC: 1.007, ASYNC: 1.008}
    assert (row.python, row.django, row.load, row.cores) == ("3.13", "6.1", None, None)
    assert timezone.now() - row.at > timedelta(days=1)


def test_keeping_again_changes_nothing() -> None:
    assert archive.store_row(archive.archive_row("once", LEARNER, EVENTS))
    assert not archive.store_row(archive.archive_row("once", OTHER, EVENTS[:4] + EVENTS[-1:]))
    assert archive.unpack_events(archive.read_packed("once")[1]) == EVENTS
    assert ArchivedRun.objects.get().learner == LEARNER


def test_what_came_behind_the_end_is_left_out() -> None:
    late = Event(9.0, ev.RunEnded("failed", "ended twice"), seq=len(EVENTS) + 1)
    archive.store_row(archive.archive_row("ended", LEARNER, (*EVENTS, late)))
    assert archive.unpack_events(archive.read_packed("ended")[1]) == EVENTS


@pytest.mark.parametrize("events", [(), EVENTS[:-1], EVENTS[1:], (Event(0.0, ev.RunCreated({})), EVENTS[-1])])
def test_a_part_of_a_run_is_not_archived(events: tuple[Event, ...]) -> None:
    with pytest.raises(archive.IncompleteRun):
        archive.store_row(archive.archive_row("part", LEARNER, events))
    assert not names()


def test_a_run_that_never_started_is_archived_as_of_now() -> None:
    archive.store_row(
        archive.archive_row("queued", LEARNER, (EVENTS[0], Event(0.0, ev.RunEnded("cancelled", "stop"), seq=2)))
    )
    row = ArchivedRun.objects.get()
    assert (row.outcome, row.totals) == ("cancelled", {})
    assert timezone.now() - row.at < timedelta(minutes=1)


def test_an_end_that_is_known_costs_no_events() -> None:
    keep("told")
    for after in (len(EVENTS), 10**9):
        assert archive.read_packed("told", after) == (len(EVENTS), b"")


@pytest.mark.parametrize("run", ["nothing", "", "a" * 65, "a\x00b", "../etc", "ü", "'; --", "a\n"])
def test_an_unknown_run_costs_at_most_one_query(run: str) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        pytest.raises(RunUnknown),
    ):
        archive.read_packed(run)
    assert len(queries) == (1 if run == "nothing" else 0)


def test_a_learner_has_runs_of_their_own_newest_first_without_events() -> None:
    for run, learner, days in (("old", LEARNER, 2), ("new", LEARNER, 1), ("theirs", OTHER, 0), ("nobodys", "", 0)):
        keep(run, learner, days)
    assert [each.run for each in archive.runs_of_learner(LEARNER)] == ["new", "old"]
    assert [each.run for each in archive.runs_of_learner(LEARNER, "await-together")] == []
    assert not archive.runs_of_learner("")
    assert "events" in archive.runs_of_learner(LEARNER)[0].get_deferred_fields()


def test_the_last_run_with_a_lane_is_found() -> None:
    keep("first", days=3)
    keep("second", days=2, totals={ASYNC: 1.0})
    keep("broken", days=1, outcome="failed")
    assert archive.latest_by_lane(LEARNER, SLUG) == {ASYNC: "second", SYNC: "first"}
    assert archive.latest_by_lane(OTHER, SLUG) == archive.latest_by_lane("", SLUG) == {}


# What goes


def test_only_ones_own_run_is_deleted_and_its_shares_with_it() -> None:
    for run in ("mine", "too"):
        shared(keep(run))
    assert not archive.delete_run("mine", OTHER)
    assert not archive.delete_run("mine", "")
    assert not archive.delete_run("nothing", LEARNER)
    assert not archive.delete_run("a\x00b", LEARNER)
    assert archive.delete_run("mine", LEARNER)
    assert not archive.delete_run("mine", LEARNER)
    assert names() == {"too"}
    assert set(Share.objects.values_list("run", flat=True)) == {"too"}


def test_all_of_ones_own_runs_are_deleted_and_no_others() -> None:
    keep("mine")
    shared(keep("too"))
    shared(keep("theirs", OTHER))
    keep("nobodys", "")
    assert archive.delete_runs_of("") == ()
    assert set(archive.delete_runs_of(LEARNER)) == {"mine", "too"}
    assert names() == {"theirs", "nobodys"}
    assert Share.objects.count() == 1


def test_old_runs_are_pruned_but_not_while_they_are_shared() -> None:
    keep("young", days=89)
    keep("old", days=91)
    shared(keep("shared", days=91))
    shared(keep("lapsed", days=91), days=-1)
    assert archive.prune_runs(timedelta(days=90), 100) == 2
    assert names() == {"young", "shared"}


def test_the_oldest_runs_beyond_the_number_are_pruned_but_not_while_they_are_shared() -> None:
    for days in range(6):
        keep(f"run-{days}", days=days)
    shared("run-5")
    assert archive.prune_runs(timedelta(days=90), 3) == 2
    assert names() == {"run-0", "run-1", "run-2", "run-5"}
    assert archive.prune_runs(timedelta(days=90), 3) == 0


def test_who_has_many_runs_loses_their_own_and_nobody_elses() -> None:
    keep("theirs", OTHER, days=9)
    for days in range(5):
        keep(f"mine-{days}", days=days)
    assert archive.prune_runs(timedelta(days=90), 3) == 3
    assert names() == {"mine-0", "mine-1", "theirs"}


def test_the_command_prunes_runs_and_shares(capsys: pytest.CaptureFixture[str]) -> None:
    keep("old", days=91)
    shared(keep("young"), days=-1)
    call_command("pruneruns")
    assert capsys.readouterr().out.startswith("1 runs and 1 expired shares are deleted.")
    call_command("pruneruns", "--runs", "0")
    assert not names()


@pytest.mark.parametrize("wrong", [("--days", "0"), ("--runs", "-1"), ("--days", "36501")])
def test_numbers_that_make_no_sense_prune_nothing(wrong: tuple[str, str]) -> None:
    keep("old", days=40_000 / 365)
    with pytest.raises(CommandError):
        call_command("pruneruns", *wrong)
    assert names() == {"old"}


def test_runs_of_learners_who_stay_away_are_forgotten_or_nobodys() -> None:
    keep("forgotten", days=500)
    shared(keep("shared", days=500))
    keep("imported", "", days=500)
    keep("came-back", OTHER, days=500)
    keep("again", OTHER, days=1)
    assert forget_before(timezone.now() - timedelta(days=400)) == 2
    assert names() == {"shared", "imported", "came-back", "again"}
    assert ArchivedRun.objects.get(run="shared").learner == ""


def test_who_sends_a_run_has_come_back() -> None:
    Visit.objects.create(learner=LEARNER, lesson=SLUG, mode="learn", at=timezone.now() - timedelta(days=500))
    keep("lately", days=1)
    assert forget_before(timezone.now() - timedelta(days=400)) == 0
    assert Visit.objects.count() == 1
