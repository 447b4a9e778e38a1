"""`make cluster`: what docker-compose.yml has, on loopback, from the packages of this machine.

nginx before WEBS web processes, LABS lab processes, Redis with a password, PostgreSQL. Data, secrets and logs' leavings
are in CLUSTER_DIR. Whatever dies is started anew. SIGHUP replaces the web and lab processes one after another, without
a failed page or a cancelled run; Ctrl-C or SIGTERM ends all.
"""

import asyncio
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from bootstrap import parts
from deploy.part import ROOT, NotStarted, Part, Program, free_port, listening

NGINX: Final = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 2;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
NOBODY: Final = "255.255.255.255"  # as docker-compose.yml has it: no connection comes from there
# Variables that stand for something else, or for nothing, in a web process.
OWN: Final = ("PORT", "HOST", "WEBS", "LABS", "CLUSTER_DIR")


class Cluster:
    """All programs of one site. `start` first; `stop` in the end, however far that came."""

    def __init__(
        self,
        folder: Path,
        port: int,
        webs: int = 2,
        labs: int = 1,
        environ: Mapping[str, str] = os.environ,
        tell: Callable[[str], None] = print,
    ) -> None:
        self.folder = folder
        self._tell = tell
        self.url = f"http://127.0.0.1:{port}"
        self.parts: dict[str, Part] = {}  # in the order in which they start
        self.web_ports = [free_port() for _ in range(webs)]
        self._environ = {name: value for name, value in environ.items() if name not in OWN}
        self._secrets = _kept_secrets(folder)
        self.redis_port = free_port()
        self._add_redis()
        self._add_postgres(free_port())
        for number in range(1, labs + 1):
            self._add_site(f"lab{number}", ["lab"], "takes runs")
        for number, web_port in enumerate(self.web_ports, 1):
            self._add_site(f"web{number}", ["serve"], "are open at", PORT=str(web_port), PROXIES="1")
        self._add_nginx(port)

    @property
    def redis_url(self) -> str:
        """With its password."""
        return f"redis://:{self._secrets['redis']}@127.0.0.1:{self.redis_port}/0"

    async def start(self) -> None:
        """Start everything: what others need first. Raises `NotStarted`."""
        for wave in (("redis", "postgres"), ("lab", "web"), ("nginx",)):
            await asyncio.gather(*(part.start() for name, part in self.parts.items() if name.startswith(wave)))

    async def tend(self) -> None:
        """Start anew whatever ends, for ever."""
        await asyncio.gather(*(self._tend(part) for part in self.parts.values()))

    async def replace(self) -> None:
        """Have web and lab processes begin anew, one after another: those that are left do the work meanwhile."""
        for name, part in self.parts.items():
            if name.startswith(("web", "lab")):
                part.up.clear()
                part.send(signal.SIGTERM)
                await part.up.wait()

    async def stop(self) -> None:
        """End everything, in the reverse order."""
        for wave in (("nginx",), ("web", "lab"), ("redis", "postgres")):
            await asyncio.gather(*(part.stop() for name, part in self.parts.items() if name.startswith(wave)))

    async def _tend(self, part: Part) -> None:
        while True:
            code = await part.ended()
            part.up.clear()
            self._tell(f"{part.name:>8} | ended with {code}; it is started anew")
            try:
                await part.start()
            except NotStarted as error:
                self._tell(str(error))
                await asyncio.sleep(1)

    def _add(self, name: str, program: Program, port: int = 0, words: str = "") -> None:
        """Ready when it listens on `port`, or when it says `words`."""

        async def is_ready(part: Part) -> bool:
            return await listening(port) if port else any(words in line for line in part.lines)

        self.parts[name] = Part(name, program, is_ready, self._tell)

    def _add_redis(self) -> None:
        folder = _made(self.folder / "redis")
        settings = {
            "bind": "127.0.0.1",
            "port": self.redis_port,
            "dir": folder,
            "save": '""',
            "appendonly": "yes",
            "maxmemory": "512mb",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            "requirepass": self._secrets["redis"],
        }
        _write_secretly(folder / "redis.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))
        command = [_program("redis-server"), str(folder / "redis.conf")]
        self._add("redis", Program(command, os.environ), self.redis_port)

    def _add_postgres(self, port: int) -> None:
        user = "postgres" if os.geteuid() == 0 else ""  # it refuses to be root
        tools, folder = Path(_program("initdb")).parent, self.folder / "postgres"
        if not (folder / "PG_VERSION").exists():
            self._init_database(folder, str(tools / "initdb"), user)
        command = [str(tools / "postgres"), "-D", str(folder), "-k", "", "-h", "127.0.0.1", "-p", str(port)]
        fast = signal.SIGINT  # it does not wait for those who are connected
        self._add("postgres", Program(command, os.environ, folder, user, fast), port)
        self._database = f"postgres://lessons:{self._secrets['postgres']}@127.0.0.1:{port}/postgres"

    def _init_database(self, folder: Path, initdb: str, user: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        password = self.folder / "password"
        _write_secretly(password, self._secrets["postgres"])
        for path in (_made(folder), password):
            shutil.chown(path, user or os.geteuid())
        options = ["-D", str(folder), "-U", "lessons", "-A", "scram-sha-256", f"--pwfile={password}"]
        words = Program([initdb, *options], {}, user=user).words()
        try:
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        finally:
            password.unlink()

    def _add_site(self, name: str, command: list[str], words: str, **variables: str) -> None:
        shared = {
            "SECRET_KEY": self._secrets["site"],
            "DATABASE_URL": self._database,
            "REDIS_URL": self.redis_url,
            "DATA_DIR": str(_made(self.folder / "data")),
            "LAB_APART": "1",
            "PYTHONUNBUFFERED": "1",
        }
        environ = {**self._environ, **shared, **variables}
        self._add(name, Program([sys.executable, "manage.py", *command], environ), words=words)

    def _add_nginx(self, port: int) -> None:
        folder = _made(self.folder / "nginx")
        variables = {
            "LISTEN": f"127.0.0.1:{port}",
            "WEBS": server_lines([f"127.0.0.1:{web}" for web in self.web_ports]),
            "CACHE_DIR": f"{folder}/cache",
            "TRUSTED_PROXY": NOBODY,
        }
        (folder / "site.conf").write_text(filled_template(variables))
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
        command = [_program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        if os.geteuid() == 0:
            command += ["-g", "user root;"]  # its workers write into a folder that is root's alone
        self._add("nginx", Program(command, os.environ), port)


def server_lines(webs: list[str]) -> str:
    """`host:port` of each web process, as WEBS in deploy/nginx.conf.template wants them."""
    return " ".join(f"server {web} max_fails=0;" for web in webs)


def filled_template(variables: Mapping[str, str], name: str = "nginx.conf.template") -> str:
    """A template of this folder as the nginx image fills it in: `${NAME}` of the given names, nothing else."""
    text = (ROOT / "deploy" / name).read_text()
    for each, value in variables.items():
        text = text.replace("${" + each + "}", value)
    if left := re.findall(r"\$\{\w+\}", text):
        raise ValueError(f"deploy/{name} asks for {', '.join(left)}, too.")
    return text


def _program(name: str) -> str:
    found = parts.find(name)
    if not found:
        raise NotStarted(f"{name} is missing. Install: apt install {parts.PACKAGES[name]}")
    return found


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write_secretly(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def _kept_secrets(folder: Path) -> dict[str, str]:
    """Made at the first start, and kept."""
    found = {}
    for name in ("site", "redis", "postgres"):
        path = _made(folder / "secrets") / name
        if not path.exists():
            _write_secretly(path, secrets.token_hex(32))
        found[name] = path.read_text()
    return found


def _number(name: str, default: int, least: int, most: int) -> int:
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isdecimal() and least <= int(text) <= most):
        raise NotStarted(f"{name} has the value {text!r}. Allowed: a whole number from {least} to {most}.")
    return int(text)


def _folder() -> Path:
    """Where PostgreSQL, which is another user when we are root, may enter."""
    default = "/var/tmp/lessons-cluster" if os.geteuid() == 0 else str(ROOT / "data" / "cluster")  # noqa: S108
    return Path(os.environ.get("CLUSTER_DIR", "").strip() or default).absolute()


async def run() -> None:
    """Until a signal comes. Raises `NotStarted`."""
    port = _number("PORT", 8000, 1, 65535)
    if await listening(port):
        raise NotStarted(
            f"Port {port} is taken by another program. Choose another: make cluster PORT={port % 65535 + 1}"
        )
    folder = _folder()
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    cluster = Cluster(folder, port, _number("WEBS", 2, 1, 64), _number("LABS", 1, 1, 64))
    over, anew = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, anew.set)
    ending = asyncio.create_task(over.wait())
    tasks: list[asyncio.Task[None]] = []
    try:
        starting = asyncio.create_task(cluster.start())
        await asyncio.wait([starting, ending], return_when=asyncio.FIRST_COMPLETED)
        if ending.done():
            starting.cancel()
            return
        await starting
        print(f"The lessons are open at {cluster.url}/  (Ctrl-C ends)", flush=True)
        tasks = [asyncio.create_task(cluster.tend()), asyncio.create_task(_replace_when(anew, cluster))]
        await ending
    finally:
        ending.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await cluster.stop()


async def _replace_when(anew: asyncio.Event, cluster: Cluster) -> None:
    while True:
        await anew.wait()
        anew.clear()
        await cluster.replace()
        print("Every web and lab process is new.", flush=True)


def main() -> int:
    """The exit status."""
    try:
        asyncio.run(run())
    except NotStarted as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
