"""Raises bots quickly: a process that has imported everything and forks one child per line of JSON on its stdin.

Every child is a process that can be killed like any other; only the seconds of importing are saved. News of all of
them, and their ends, come as lines on stdout. When stdin closes, what still runs is killed.
"""

import gc
import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path

import aiogram  # noqa: F401 - here, ahead of bot.telegram, its models are built at once and for all children

from bot.engine.catalog.file import load_catalog
from bot.telegram.i18n import texts
from tests.crash import runner
from tests.drivers.tls import share_tls

READ = 65_536


class Nursery:
    """See the module."""

    def __init__(self) -> None:
        self._out = os.dup(1)
        self._bots: dict[int, int] = {}
        self._pending = b""

    def serve(self) -> None:
        """Until stdin closes."""
        woken, wake = os.pipe2(os.O_NONBLOCK)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            ready, _, _ = select.select([0, woken], [], [])
            if woken in ready:
                os.read(woken, READ)
                self._reap()
            if 0 in ready and not self._take():
                return

    def _take(self) -> bool:
        data = os.read(0, READ)
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            self._fork(json.loads(line))
        return bool(data)

    def _fork(self, plan: runner.Plan) -> None:
        pid = os.fork()
        if not pid:
            self._live(plan)
        self._bots[pid] = plan["bot"]
        runner.teller(self._out, bot=plan["bot"])({"pid": pid})

    def _live(self, plan: runner.Plan) -> None:
        """In the child; never returns."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            log = os.open(Path(plan["folder"]) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(log, 1)
            os.dup2(log, 2)
            runner.run(plan, runner.teller(self._out, bot=plan["bot"]))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        while self._bots:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            bot = self._bots.pop(pid)
            runner.teller(self._out, bot=bot)({"ended": os.waitstatus_to_exitcode(status)})

    def close(self) -> None:
        """Kills what still runs."""
        for pid in self._bots:
            os.kill(pid, signal.SIGKILL)


def warm() -> None:
    """Reads the texts, the catalogue and the certificates, which is most of what is left of a start: the children get
    what was read."""
    texts.Texts(default="en")
    load_catalog()
    share_tls()


def main() -> None:
    nursery = Nursery()
    warm()
    gc.freeze()
    try:
        nursery.serve()
    finally:
        nursery.close()


if __name__ == "__main__":
    main()
