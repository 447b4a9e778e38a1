"""Execution table and variable tracker say what was measured, and nothing else."""

import pytest

from lessons.lab import events as ev
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from lessons.stage.steps import UNSET, StepRow, execution_table, moment_labels, variable_tracker
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


def rows(stage: Stage, lane: str) -> tuple[StepRow, ...]:
    return execution_table(stage, stage.lane(lane), stage.lane(lane).requests[0])


@pytest.fixture(scope="module")
def done() -> Stage:
    return fold_events(scenes.lesson(), scenes.one_each())


def test_only_the_await_is_an_async_wait(done: Stage) -> None:
    assert [row.async_wait for row in rows(done, ASYNC)] == [False, False, True, False, False, False]
    assert not any(row.async_wait for row in rows(done, SYNC))


def test_only_the_held_worker_blocks_the_server(done: Stage) -> None:
    assert [row.server_block for row in rows(done, SYNC)] == [False, False, True, False, False, False]
    assert not any(row.server_block for row in rows(done, ASYNC))


def test_a_block_is_as_long_as_the_probe_waited_within_the_step(done: Stage) -> None:
    assert rows(done, SYNC)[2].blocked == pytest.approx(1.102 - 0.12)


def test_a_free_second_worker_blocks_nothing() -> None:
    events = [
        scenes.created(scenes.spec(workers=2)),
        *scenes.sync_request(SYNC, 1, 0.1, 0.102),
        *scenes.probes(SYNC, (0.12, 0.122), (0.14, 0.141)),
    ]
    assert not any(row.server_block for row in rows(fold_events(scenes.lesson(), events), SYNC))


def test_the_response_is_sent_with_step_five(done: Stage) -> None:
    assert [row.response_sent for row in rows(done, SYNC)] == [False] * 4 + [True] * 2


def test_times_are_counted_from_the_sending_of_the_request(done: Stage) -> None:
    assert rows(done, SYNC)[0].began == pytest.approx(0.002)
    assert rows(done, SYNC)[3].began == pytest.approx(1.002)


def test_steps_ahead_are_empty_and_the_last_begun_is_current() -> None:
    found = rows(scenes.stage_at(scenes.one_each(), 0.5), ASYNC)
    assert [row.reached for row in found] == [True] * 3 + [False] * 3
    assert [row.current for row in found] == [False, False, True, False, False, False]
    assert found[2].took == pytest.approx(0.5 - 0.106)


def test_step_three_is_worded_for_the_sample(done: Stage) -> None:
    assert rows(done, SYNC)[2].action == "Call fetch_data()"
    assert rows(done, ASYNC)[2].action == "Await fetch_data()"


def test_the_tracker_fills_from_left_to_right() -> None:
    events = scenes.one_each()

    def data(t: float) -> tuple[str | None, ...]:
        stage = scenes.stage_at(events, t)
        return variable_tracker(stage.lesson, stage.lane(ASYNC).requests[0])[0].values

    assert data(0.1) == (None, None, None)
    assert data(0.5) == (UNSET, None, None)
    assert data(1.1045) == (UNSET, "'value'", None)
    assert data(2.0) == (UNSET, "'value'", "'value'")


def test_the_trackers_columns_are_worded_for_the_sample() -> None:
    assert moment_labels(scenes.lesson(), "async")[1] == "After await fetch_data()"
    assert moment_labels(scenes.lesson(), "sync")[1] == "After fetch_data()"


def test_a_blocking_call_in_a_coroutine_blocks_without_suspending() -> None:
    lane = "async_blocking@daphne"
    events = [
        scenes.created(scenes.spec(lanes=(lane,))),
        *scenes.sync_request(lane, 1, 0.1, 0.102),
        *scenes.probes(lane, (0.12, 1.11)),
        *scenes.at(lane, 1, (0.1021, ev.ViewResolved(True))),
    ]
    third = rows(fold_events(scenes.lesson(), events), lane)[2]
    assert third.server_block
    assert not third.async_wait
