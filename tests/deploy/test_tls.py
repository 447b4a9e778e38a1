"""nginx with a certificate of its own, as docs/OPERATIONS.md tells: pages, sockets, and who comes without TLS."""

import shlex
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from websockets.sync.client import connect
from websockets.typing import Origin

from deploy.cluster import NOBODY, filled_template, server_lines
from tests.deploy import parts
from tests.deploy.test_recipes import recipe
from tests.processes import ROOT, Site, free_port
from tests.visiting import RECORDED

type Front = tuple[int, int, ssl.SSLContext]  # ports with and without TLS


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Front]:
    folder, secure, plain = tmp_path_factory.mktemp("tls"), free_port(), free_port()
    subprocess.run(recipe("openssl req"), check=True, cwd=folder, capture_output=True)
    site = Site(folder / "web", prepared, SECURE="1", PROXIES="1")
    try:
        web = site.ready().url.removeprefix("http://")
        tls = filled_template({"HTTP_LISTEN": f"127.0.0.1:{plain}", "TLS_FOLDER": str(folder)}, "tls.conf.template")
        rest = {"WEBS": server_lines([web]), "CACHE_DIR": f"{folder}/cache", "TRUSTED_PROXY": NOBODY}
        text = tls + filled_template({"LISTEN": f"127.0.0.1:{secure} ssl", **rest})
        with parts.running_nginx(folder, secure, text):
            yield secure, plain, ssl.create_default_context(cafile=folder / "fullchain.pem")
    finally:
        site.stop()


@pytest.mark.parametrize(("path", "text"), [("/healthz", b"ok"), ("/", b"<!doctype html>")])
def test_pages_come_by_https(front: Front, path: str, text: bytes) -> None:
    connection = HTTPSConnection("localhost", front[0], timeout=20, context=front[2])
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Strict-Transport-Security"]) == (200, "max-age=3600")
    assert answer.read().lower().startswith(text)
    connection.close()


def test_a_run_is_watched_by_wss(front: Front) -> None:
    address = f"https://localhost:{front[0]}"
    link = f"{address.replace('https', 'wss')}/live/runs/{RECORDED.split('/')[-2]}/"
    with connect(link, origin=Origin(address), ssl=front[2]) as socket:
        assert "content" in str(socket.recv(timeout=20))


def test_who_comes_without_tls_is_sent_to_it(front: Front) -> None:
    connection = HTTPConnection("127.0.0.1", front[1], timeout=20)
    connection.request("GET", "/runs/?page=2", headers={"Host": "lessons.example.org"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://lessons.example.org/runs/?page=2")
    connection.close()


def test_compose_gives_nginx_what_the_templates_ask_for() -> None:
    files = [ROOT / "docker-compose.yml", ROOT / "deploy" / "docker-compose.tls.yml"]
    services: list[dict[str, Any]] = [YAML(typ="safe").load(file)["services"]["nginx"] for file in files]
    names: dict[str, str] = {}
    for each in services:
        names |= each["environment"]
    assert filled_template(names, "tls.conf.template")
    assert f"listen {names['LISTEN']};" in filled_template(names)
    assert "443 ssl" in names["LISTEN"]
    mounted = [volume.split(":")[0] for volume in services[1]["volumes"] if volume.startswith("./")]
    assert all((ROOT / each).exists() for each in mounted)
    assert str(files[1].relative_to(ROOT)) in shlex.join(recipe("TLS_FOLDER="))
