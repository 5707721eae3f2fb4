"""All simulated services together, and the settings under which a bot finds them."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from sandbox.ai_now import AiNowServer
from sandbox.kit.api import Order
from sandbox.kit.server import SimServer
from sandbox.naive import NaiveServer
from sandbox.neuroapi import NeuroApiServer
from sandbox.neuroartist import NeuroArtistServer
from sandbox.neuroflash import NeuroflashServer

AI_NOW_KEY, NEUROARTIST_KEY, NAIVE_KEY = "sk-sandbox", "na_live_sandbox", "nv_sk_sandbox"
NEUROAPI_KEY, NEUROFLASH_KEY, WORKSPACE = "sk-neuroapi-sandbox", "nf-sandbox", "ws-sandbox"
Simulator = AiNowServer | SimServer[Order]


class Services:
    """Use `start()` and `stop()`, or `async with`. `scale` multiplies the documented durations, `seed` chooses them."""

    def __init__(
        self, *, scale: float = 0.05, seed: int = 1, ai_now_key: str = AI_NOW_KEY, ai_now_tokens: int = 1_000_000
    ) -> None:
        self.ai_now = AiNowServer((ai_now_key,), ai_now_tokens, scale=scale, seed=seed)
        self.neuroartist = NeuroArtistServer((NEUROARTIST_KEY,), scale=scale, seed=seed)
        self.naive = NaiveServer((NAIVE_KEY,), scale=scale, seed=seed)
        self.neuroapi = NeuroApiServer((NEUROAPI_KEY,), scale=scale, seed=seed)
        self.neuroflash = NeuroflashServer((NEUROFLASH_KEY,), workspaces=(WORKSPACE,), scale=scale, seed=seed)
        self.keys = {
            "ai_now": ai_now_key,
            "neuroartist": NEUROARTIST_KEY,
            "naive": NAIVE_KEY,
            "neuroapi": NEUROAPI_KEY,
            "neuroflash": NEUROFLASH_KEY,
        }
        self._running: list[Simulator] = []

    @property
    def all(self) -> Mapping[str, Simulator]:
        """By the names under which the bot's settings know them."""
        return {
            "ai_now": self.ai_now,
            "neuroartist": self.neuroartist,
            "naive": self.naive,
            "neuroapi": self.neuroapi,
            "neuroflash": self.neuroflash,
        }

    @property
    def violations(self) -> list[str]:
        """What the bot asked for and should not have, of all of them."""
        return [f"{name}: {found}" for name, simulator in self.all.items() for found in simulator.violations]

    @property
    def orders(self) -> int:
        """How many orders came, refused ones too."""
        return sum(len(simulator.requests) for simulator in self.all.values())

    async def start(self, host: str = "127.0.0.1", ports: Mapping[str, int] | None = None) -> None:
        """Starts all; port 0 (or none named) takes a free one. Raises OSError if a port is taken: then none runs."""
        try:
            for name, simulator in self.all.items():
                await simulator.start(host, (ports or {}).get(name, 0))
                self._running.append(simulator)
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stops those that run; harmless when none does."""
        while self._running:
            await self._running.pop().stop()

    def settings(self) -> dict[str, str]:
        """The bot's settings for these services, by their lower-case names."""
        found = {"neuroflash_workspace_id": WORKSPACE, "allow_private_result_hosts": "true"}
        for name, simulator in self.all.items():
            found |= {f"{name}_base_url": simulator.base_url, f"{name}_api_key": self.keys[name]}
        return found

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self.stop()
