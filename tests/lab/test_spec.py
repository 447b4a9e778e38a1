import pytest

from lessons.lab.spec import SERVERS, LaneSpec, RunSpec, SpecError


@pytest.mark.parametrize("server", SERVERS)
def test_a_lane_is_read_back_from_its_name(server):
    lane = LaneSpec("sync", server)

    assert LaneSpec.parse(lane.lane) == lane


@pytest.mark.parametrize("lane", ["sync@nginx", "sync", "sync@", "", "sync@waitress@daphne"])
def test_a_lane_on_no_server_of_ours_is_refused(lane):
    with pytest.raises(SpecError, match="There is no server") as refused:
        LaneSpec.parse(lane)

    assert (refused.value.field, refused.value.code) == ("lanes", "unknown-server")


def test_a_logged_spec_with_an_unknown_server_is_refused():
    data = RunSpec("a-lesson", (LaneSpec("sync", "waitress"),)).as_data()
    data["lanes"][0]["server"] = ["waitress"]

    with pytest.raises(SpecError, match="There is no server"):
        RunSpec.from_data(data)


@pytest.mark.parametrize("every", [-0.1, 0.6, float("nan"), True, "0.1", None])
def test_visitors_come_apart_as_far_as_is_allowed(every):
    with pytest.raises(SpecError, match="Every must be a number from 0 to"):
        RunSpec("a-lesson", (LaneSpec("sync", "waitress"),), every=every)


def test_a_spec_of_before_there_were_arrivals_is_one_of_a_burst():
    data = RunSpec("a-lesson", (LaneSpec("sync", "waitress"),)).as_data()
    del data["every"]

    assert RunSpec.from_data(data).every == 0
