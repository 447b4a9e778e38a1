"""Before the address is printed, tables and static files are up to date, and no work is done twice."""

import os
import shutil
import time
from pathlib import Path

from tests.processes import Site, get


def collected(folder: Path) -> float:
    return (folder / "data" / "static" / "staticfiles.json").stat().st_mtime_ns


def test_a_second_start_collects_nothing(tmp_path: Path, prepared: Path):
    shutil.copytree(prepared, tmp_path / "data")
    before = collected(tmp_path)
    site = Site(tmp_path)
    try:
        site.ready()
    finally:
        site.stop()
    assert collected(tmp_path) == before


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


def leave(folder: Path, name: str, days: float) -> Path:
    """The source of a task that no lesson makes, of so many days ago."""
    left = folder / "variants" / name
    left.mkdir(parents=True)
    (left / "view.py").write_text("pass\n")
    os.utime(left, (time.time() - days * 86_400,) * 2)
    return left


def test_sources_that_no_lesson_makes_are_deleted_after_a_day_unless_another_process_runs(
    tmp_path: Path, prepared: Path
):
    data = shutil.copytree(prepared, tmp_path / "shared")
    old, new = leave(data, "old", 2), leave(data, "new", 0.5)
    sites = [Site(tmp_path / "one", DATA_DIR=str(data))]
    try:
        sites[0].ready()
        assert (old.exists(), new.exists()) == (False, True)
        made = {each.name for each in (data / "variants").iterdir()} - {"new"}
        assert made
        os.utime(new, (0, 0))
        sites.append(Site(tmp_path / "two", DATA_DIR=str(data)).ready())  # while the first one might still use it
        assert new.exists()
        for site in sites:
            site.stop()
        for name in made:
            os.utime(data / "variants" / name, (0, 0))  # old, but in use
        sites.append(Site(tmp_path / "three", DATA_DIR=str(data)).ready())
        assert {each.name for each in (data / "variants").iterdir()} == made
    finally:
        for site in sites:
            site.stop()
