"""The site as docker-compose.yml has it: nginx, two web processes, Redis, PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import parts
from tests.processes import Site


@dataclass(frozen=True, slots=True)
class ScaleOut:
    """Addresses without a slash at their end."""

    front: str  # nginx
    webs: tuple[str, str]  # the web processes behind it, asked directly


@pytest.fixture(scope="module")
def scale_out(tmp_path_factory: pytest.TempPathFactory, prepared: Path, redis_url: str) -> Iterator[ScaleOut]:
    folder: Path = tmp_path_factory.mktemp("scale-out")
    with parts.postgres() as database_url:
        shared = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": "shared-by-both-" * 4}
        sites = [
            Site(folder / f"web{number}", prepared, **shared) for number in (1, 2)
        ]  # both at once, as compose does
        try:
            webs = [site.ready().url for site in sites]
            with parts.nginx(folder, [url.removeprefix("http://") for url in webs]) as front:
                yield ScaleOut(front, (webs[0], webs[1]))
        finally:
            for site in sites:
                site.stop()
