"""The tour as a panel of the page: played when it is asked for, beside a person who watches."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.engine.supervisor import Supervisor
from sandbox.client import ClientError, Unmet
from sandbox.client_views import NoSuchButton


class TourPanel:
    """`play` gets a function that takes the title of each scene. One tour plays at a time; `stop` ends it."""

    def __init__(self, play: Callable[[Callable[[str], None]], Awaitable[None]]) -> None:
        self._play = play
        self._tasks = Supervisor()
        self._state, self._scene = "idle", ""

    async def show(self) -> dict[str, Any]:
        """state (idle, playing, done or failed) and scene: its title, or for a failure what did not come true."""
        return {"state": self._state, "scene": self._scene}

    async def do(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """`{"do": "start"}`. Raises ValueError for others, and while it plays."""
        if order.get("do") != "start":
            raise ValueError(f"There is no action {order.get('do')!r}: start.")
        if self._state == "playing":
            raise ValueError("The tour plays already.")
        self._state, self._scene = "playing", ""
        self._tasks.spawn(self._played(), name="tour")
        return await self.show()

    async def stop(self) -> None:
        """Ends a tour that plays."""
        await self._tasks.stop()

    async def _played(self) -> None:
        try:
            await self._play(self._begin)
        except (Unmet, NoSuchButton, ClientError, TimeoutError) as error:
            self._state, self._scene = "failed", f"{self._scene}: {str(error).partition(chr(10))[0]}"
        except BaseException:
            self._state = "failed"
            raise
        else:
            self._state = "done"

    def _begin(self, scene: str) -> None:
        self._scene = scene
