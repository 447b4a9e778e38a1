"""The generated secret key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lessonsite import secret


def test_the_key_is_made_once(tmp_path: Path):
    assert len(secret.kept_in(tmp_path)) >= 50
    assert secret.kept_in(tmp_path) == secret.kept_in(tmp_path)


def test_only_its_owner_can_read_the_key(tmp_path: Path):
    secret.kept_in(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_all_who_start_at_once_get_the_same_key(tmp_path: Path):
    with ThreadPoolExecutor(16) as threads:
        keys = set(threads.map(secret.kept_in, [tmp_path] * 64))
    assert len(keys) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]
