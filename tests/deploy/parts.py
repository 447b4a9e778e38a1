"""The parts of docker-compose.yml, started for real from the system's packages on loopback."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap import parts
from deploy.cluster import NGINX, NOBODY, filled_template, server_lines
from tests.deploy.certificate import make_certificate
from tests.processes import Process, clean_environ, free_port, listens
from tests.waiting import until

TLS = """
map $http_upgrade $connection_wanted {{ default upgrade; '' ''; }}
server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{
        proxy_pass {front};
        proxy_bind 127.0.0.2;
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_wanted;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }}
}}
"""


def program(name: str) -> str:
    """Where one of the parts is; `make test` has installed it."""
    found = parts.find(name)
    assert found, f"{name} is missing; run `make test`"
    return found


@contextmanager
def nginx(folder: Path, webs: list[str], trusted_proxy: str = NOBODY) -> Iterator[str]:
    """nginx with the committed configuration in front of two `host:port`; its address."""
    port = free_port()
    variables = {"LISTEN": f"127.0.0.1:{port}", "WEBS": server_lines(webs), "CACHE_DIR": f"{folder}/cache"}
    with running_nginx(folder, port, filled_template(variables | {"TRUSTED_PROXY": trusted_proxy})):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def tls_terminator(folder: Path, front: str) -> Iterator[str]:
    """Another proxy, to which browsers speak TLS, before `front`; its address. It speaks to it from 127.0.0.2."""
    port = free_port()
    make_certificate(folder)
    with running_nginx(folder, port, TLS.format(folder=folder, port=port, front=front)):
        yield f"https://localhost:{port}"


@contextmanager
def running_nginx(folder: Path, port: int, site: str) -> Iterator[None]:
    """nginx with the server block `site`, from when it listens on `port`."""
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    command = [program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]  # its workers must reach a temporary folder that only root may enter
    process = Process(command, folder / "nginx.txt", clean_environ())
    try:
        until(lambda: listens(port), lambda: f"nginx answers; it said:\n{process.text()}")
        yield
    finally:
        process.stop()


class PostgresServer:
    """A PostgreSQL of its own, in a folder that `close` deletes. It can be stopped and started again."""

    def __init__(self, **settings: object) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lessons-pg-"))  # not pytest's, which only its owner may enter
        self._binaries = Path(program("initdb")).parent
        self._port = free_port()
        self._settings = [f"--{name}={value}" for name, value in settings.items()]
        root = os.geteuid() == 0
        user = "postgres" if root else pwd.getpwuid(os.geteuid()).pw_name
        self._as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if root else []
        shutil.chown(self._folder, user)
        options = ["-D", f"{self._folder}/data", "-U", "lessons", "-A", "trust", "--no-sync"]
        initdb = [*self._as_user, str(self._binaries / "initdb"), *options]
        subprocess.run(initdb, check=True, capture_output=True, cwd=self._folder)
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """As DATABASE_URL has it."""
        return f"postgres://lessons@127.0.0.1:{self._port}/postgres"

    def start(self) -> "PostgresServer":
        """From when it answers."""
        options = ["-D", f"{self._folder}/data", "-k", str(self._folder), "-h", "127.0.0.1", "-F", *self._settings]
        server = [*self._as_user, str(self._binaries / "postgres"), *options, "-p", str(self._port)]
        process = self._process = Process(server, self._folder / "output.txt", clean_environ(), self._folder)
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        until(lambda: subprocess.run(ready).returncode == 0, lambda: f"PostgreSQL answers; it said:\n{process.text()}")
        return self

    def stop(self) -> None:
        """At once: it does not wait for those who are connected."""
        if self._process:
            self._process.send(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop it and delete its data."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of its own; a DATABASE_URL."""
    server = PostgresServer()
    try:
        yield server.start().url
    finally:
        server.close()
