"""All simulated services together, and the settings under which a bot finds them."""

from collections.abc import Mapping
from typing import Any, Self

from sandbox.ai_now import AiNowServer
from sandbox.kit.server import SimServer
from sandbox.naive import NaiveServer
from sandbox.neuroapi import NeuroApiServer
from sandbox.neuroartist import NeuroArtistServer
from sandbox.neuroflash import NeuroflashServer

AI_NOW_KEY, WORKSPACE = "sk-sandbox", "ws-sandbox"


class Services:
    """Use `start()` and `stop()`, or `async with`. `scale` multiplies the documented durations, `seed` chooses them.
    `all` has them by the names under which the bot's settings know them."""

    def __init__(
        self, *, scale: float = 0.05, seed: int = 1, ai_now_key: str = AI_NOW_KEY, ai_now_tokens: int = 1_000_000
    ) -> None:
        self.ai_now = AiNowServer((ai_now_key,), ai_now_tokens, scale=scale, seed=seed)
        self.neuroartist = NeuroArtistServer(scale=scale, seed=seed)
        self.naive = NaiveServer(scale=scale, seed=seed)
        self.neuroapi = NeuroApiServer(scale=scale, seed=seed)
        self.neuroflash = NeuroflashServer(workspaces=(WORKSPACE,), scale=scale, seed=seed)
        self.all: Mapping[str, SimServer[Any]] = {
            "ai_now": self.ai_now,
            "neuroartist": self.neuroartist,
            "naive": self.naive,
            "neuroapi": self.neuroapi,
            "neuroflash": self.neuroflash,
        }
        self.keys = {name: next(iter(simulator.state.keys)) for name, simulator in self.all.items()}

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
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stops those that run; harmless when none does."""
        for simulator in self.all.values():
            await simulator.stop()

    def settings(self) -> dict[str, str]:
        """The bot's settings for these services, by their lower-case names."""
        found = {"neuroflash_workspace_id": WORKSPACE, "allow_private_result_hosts": "true"}
        for name, simulator in self.all.items():
            found |= {f"{name}_base_url": simulator.base_url, f"{name}_api_key": self.keys[name]}
        return found

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
