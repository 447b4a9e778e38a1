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
