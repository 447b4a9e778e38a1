"""What goes into the image is enough, with a root that cannot be written to; and its health check is right."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import StartSite
from tests.frames import ended, next_frame, watched
from tests.processes import ROOT, Process, clean_environ, free_port
from tests.visiting import Visitor
from tests.waiting import until

DOCKERFILE = (ROOT / "Dockerfile").read_text()
SEALED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"'  # all but the folder $0


def may_mount() -> bool:
    """May we have mounts of our own, as root of a machine that allows it?"""
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0


def put_into_image(folder: Path) -> None:
    """Copies what .dockerignore lets through into `folder`."""
    names = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)


@pytest.fixture
def sealed_site(tmp_path: Path) -> Iterator[Process]:
    """The site of the image's files alone; it can write into one folder, of its data and of what is temporary."""
    put_into_image(tmp_path / "app")
    written = Path(tempfile.mkdtemp())  # short: a socket's path in it may have some hundred characters
    (written / "tmp").mkdir()
    environ = clean_environ(DATA_DIR=f"{written}/data", TMPDIR=f"{written}/tmp", HOME="/nonexistent", PORT="0")
    environ |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
    serve = [sys.executable, "manage.py", "serve"]
    command = ["unshare", "--mount", "sh", "-c", SEALED, str(written), *serve]
    process = Process(command, tmp_path / "output.txt", environ, tmp_path / "app")
    yield process
    process.stop()
    shutil.rmtree(written)


@pytest.mark.skipif(not may_mount(), reason="needs a root that may mount")
def test_a_run_is_carried_out_from_the_files_of_the_image_with_nothing_but_data_written(sealed_site: Process):
    url = sealed_site.until_prints(r"open at (http://\S+)/ ")[1]
    assert os.path.realpath(f"/proc/{sealed_site.pid}/cwd").endswith("/app")
    run = Visitor(url).send()
    with watched(url, run) as socket:
        content = next_frame(socket, ended)["content"]
    assert "Done. Every request has been answered." in content, re.findall(r"The run fail[^<]*", content)
    assert "Read-only file system" not in sealed_site.text()


def health(**variables: str) -> subprocess.CompletedProcess[str]:
    """The Dockerfile's HEALTHCHECK in an environment."""
    found = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found
    python, *arguments = json.loads(found[1])
    assert python == "python"
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean_environ(**variables), capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("hosts", ["localhost", "example.org,other.example", ".example.org", "*"])
def test_health_is_asked_on_the_port_and_by_the_name_of_the_site(start_site: StartSite, hosts: str):
    port = str(free_port())
    start_site(PORT=port, HOST="0.0.0.0", ALLOWED_HOSTS=hosts)
    asked = {"PORT": port, "HOST": "0.0.0.0", "ALLOWED_HOSTS": hosts}
    until(lambda: health(**asked).returncode == 0, "the site is healthy")  # Docker, too, asks more than once


def test_who_does_not_answer_is_not_healthy():
    found = health(PORT=str(free_port()))
    assert (found.returncode, len(found.stderr.splitlines())) == (1, 1)


def test_who_answers_with_a_refusal_is_not_healthy(start_site: StartSite):
    port = str(free_port())
    start_site(PORT=port)
    asked = {"PORT": port, "ALLOWED_HOSTS": "example.org"}
    until(lambda: health(**asked).stderr == "/healthz answers with status 400.\n", "the refusal is told")
    assert health(**asked).returncode == 1


def test_the_base_is_held_by_its_digest_and_packages_by_their_hashes():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert set(bases) == {"${PYTHON_IMAGE}"}
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.1[234]\S*@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
