"""An experiment that was tried is known with its guess and its result, for as long as its run is kept."""

import pytest
from django.utils import timezone

from lessons.errors import Refused
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.learning import experiments, progress
from lessons.learning.experiments import Tried
from lessons.learning.records import GIVEN_UP
from lessons.models import ArchivedRun, ItemRun
from lessons.runs import archive
from tests.stage import scenes

pytestmark = pytest.mark.django_db
LEARNER, OTHER = "a" * 22, "b" * 22
EXAMPLE = "one-request"  # asks of the async lane


def archive_guess(run: str, lane: str, seconds: float, outcome: ev.Outcome = "done") -> None:
    first, *rest, _ = scenes.one_each()
    rest.append(Event(2.0, ev.RunEnded(outcome)))
    events = scenes.numbered([first, Event(0.0, ev.PredictionMade(lane, seconds)), *rest])
    assert archive.store_row(archive.archive_row(run, LEARNER, events))


def tried() -> Tried:
    return experiments.tried_examples(LEARNER, scenes.lesson())[EXAMPLE]


def test_nobody_has_tried_anything():
    assert experiments.tried_examples("", scenes.lesson()) == experiments.tried_examples(LEARNER, scenes.lesson()) == {}


def test_a_run_is_known_with_its_guess_and_its_total():
    experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, "its-run")
    assert experiments.tried_examples(LEARNER, scenes.lesson()) == {}  # it goes on: a reload uncovers nothing
    assert experiments.latest_run(LEARNER, scenes.lesson(), EXAMPLE) == "its-run"
    archive_guess("its-run", scenes.ASYNC, 0.5)
    total = ArchivedRun.objects.get().totals[scenes.ASYNC]
    assert tried() == Tried("its-run", 0.5, total)
    assert experiments.tried_examples(OTHER, scenes.lesson()) == {}


def test_a_guess_of_another_lane_is_no_guess_of_this_question():
    experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, "its-run")
    archive_guess("its-run", scenes.SYNC, 0.5)
    assert tried().guess is None


def test_a_run_that_is_not_kept_any_more_leaves_its_experiment_tried():
    experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, "its-run")
    archive_guess("its-run", scenes.ASYNC, 0.5)
    archive.delete_run("its-run", LEARNER)
    assert tried() == Tried("its-run")
    assert experiments.is_due(scenes.lesson().teaching.example(EXAMPLE), tried())


GOAL = "enough-workers"  # asks of the sync lane, for 1.2 s


def run_for(total: float, run: str) -> None:
    wish = scenes.spec(requests=10, workers=7, lanes=(scenes.SYNC,))
    done = Event(total, ev.LaneDone(total, 10, 0), scenes.SYNC)
    events = scenes.numbered([scenes.created(wish), done, Event(total, ev.RunEnded("done"))])
    assert archive.store_row(archive.archive_row(run, LEARNER, events))


def is_shown() -> bool:
    lesson = scenes.lesson()
    found = experiments.tried_examples(LEARNER, lesson).get(GOAL)
    return found is not None and experiments.is_due(lesson.teaching.example(GOAL), found)


def test_an_answer_with_a_goal_waits_for_the_run_that_reaches_it_and_stays():
    for run, total, shown in (("short", 5.0, False), ("near", 2.0, False), ("good", 1.1, True), ("bad", 10.0, True)):
        before = is_shown()
        experiments.note_tried(LEARNER, scenes.lesson(), GOAL, run)
        assert is_shown() == before  # while it goes
        run_for(total, run)
        assert is_shown() == shown
        assert GOAL in experiments.tried_examples(LEARNER, scenes.lesson())  # no run takes a tick away


@pytest.mark.parametrize(("total", "shown"), [(1.1, True), (5.0, False)])
def test_an_answer_that_a_goal_gave_outlives_its_run(total, shown):
    experiments.note_tried(LEARNER, scenes.lesson(), GOAL, "its-run")
    run_for(total, "its-run")
    archive.delete_run("its-run", LEARNER)
    assert is_shown() == shown


def test_whoever_asks_need_reach_no_goal():
    experiments.note_tried(LEARNER, scenes.lesson(), GOAL, "its-run")
    experiments.note_tried(LEARNER, scenes.lesson(), GOAL)
    assert is_shown()


def test_a_cancelled_run_makes_no_answer_due_and_takes_none_away():
    experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, "cancelled")
    archive_guess("cancelled", scenes.ASYNC, 0.5, "cancelled")
    assert experiments.tried_examples(LEARNER, scenes.lesson()) == {}
    assert progress.lesson_progress(LEARNER, scenes.lesson()).mode("path").done_items == 0
    later: tuple[tuple[str, ev.Outcome], ...] = (("whole", "done"), ("again", "cancelled"))
    for run, outcome in later:
        experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, run)
        archive_guess(run, scenes.ASYNC, 0.5, outcome)
    assert tried().run == "again"


def test_the_end_of_a_run_that_is_never_heard_of_is_not_waited_for():
    experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, "lost")
    ItemRun.objects.update(at=timezone.now() - GIVEN_UP)
    assert tried() == Tried("lost")


def test_the_latest_run_counts_and_asking_for_the_answer_takes_none_away():
    for run in ("first", "second", ""):
        experiments.note_tried(LEARNER, scenes.lesson(), EXAMPLE, run)
    assert tried().run == "second"
    assert ItemRun.objects.count() == 1


def test_the_path_is_done_by_its_experiments_and_the_lesson_without_it():
    lesson = scenes.lesson()
    assert lesson.teaching.path
    steps = lesson.teaching.path.steps
    for done, each in enumerate(steps):
        assert progress.lesson_progress(LEARNER, lesson).mode("path").done_items == done
        experiments.note_tried(LEARNER, lesson, each.example)
    reached = progress.lesson_progress(LEARNER, lesson)
    assert reached.mode("path").done
    assert not reached.mode("path").counts


@pytest.mark.parametrize(("learner", "example", "code"), [("", EXAMPLE, "learner"), (LEARNER, "nothing", "unknown")])
def test_what_cannot_be_kept_is_refused(learner, example, code):
    with pytest.raises(Refused) as caught:
        experiments.note_tried(learner, scenes.lesson(), example)
    assert caught.value.code == code
    assert not ItemRun.objects.exists()
