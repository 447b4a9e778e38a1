"""Before the address is printed, tables and static files are up to date, and no work is done twice."""

from pathlib import Path

from tests.processes import Site, get


def collected(folder: Path) -> float:
    return (folder / "data" / "static" / "staticfiles.json").stat().st_mtime_ns


def test_a_second_start_collects_nothing(tmp_path: Path):
    times = []
    for _ in range(2):
        site = Site(tmp_path)
        try:
            site.ready()
        finally:
            site.stop()
        times.append(collected(tmp_path))
    assert times[0] == times[1]


def test_an_interrupted_collection_is_done_again(tmp_path: Path):
    stamp = tmp_path / "data" / "static.stamp"
    stamp.parent.mkdir()
    stamp.write_text("of another state")
    site = Site(tmp_path)
    try:
        site.ready()
        assert stamp.read_text() != "of another state"
    finally:
        site.stop()


def test_two_that_start_at_once_share_a_folder(tmp_path: Path):
    data = str(tmp_path / "shared")
    sites = [Site(tmp_path / name, DATA_DIR=data) for name in ("one", "two")]
    try:
        for site in sites:
            with get(site.ready().url + "/") as answer:
                assert answer.status == 200
    finally:
        for site in sites:
            site.stop()
