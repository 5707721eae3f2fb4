"""The tester's side of the server, under /client too: faults, limits, the log of calls, redelivery, the bot's state."""

from dataclasses import asdict, fields
from typing import Any

from aiohttp import web

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.control.config import Limits
from sandbox.telegram.people.routes_client import ClientRoutes
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.params import Params
from sandbox.telegram.wire.render import render_me


def profile_of(core: Core) -> Json:
    """What the bot told of itself: "commands" and "profile" texts by language, and its "menu_button"."""
    commands = [
        {"scope": scope, "language_code": language, "commands": listed}
        for (scope, language), listed in core.commands.items()
    ]
    profile = [
        {"what": what, "language_code": language, "text": text} for (what, language), text in core.profile.items()
    ]
    return {"commands": commands, "profile": profile, "menu_button": core.menu_button}


class ControlRoutes:
    """Switches of the emulator and counters for tests."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        """The routes of the control panel."""
        route = ClientRoutes(self._core).route
        return [
            web.get("/client/bot", route(self.bot)),
            web.post("/client/redeliver", route(self.redeliver)),
            web.get("/client/faults", route(self.list_faults)),
            web.post("/client/faults", route(self.add_faults)),
            web.delete("/client/faults", route(self.clear_faults)),
            web.get("/client/calls", route(self.list_calls)),
            web.delete("/client/calls", route(self.clear_calls)),
            web.get("/client/limits", route(self.get_limits)),
            web.post("/client/limits", route(self.set_limits)),
        ]

    async def bot(self, _params: Params) -> Json:
        """The bot as the server knows it: profile, commands, webhook, open updates and unanswered queries."""
        core = self._core
        return {
            "me": render_me(core.store.bot, core.config),
            "webhook": core.webhook.info(),
            "allowed_updates": core.updates.allowed,
            "pending_updates": len(core.updates.pending),
            "unanswered": core.callbacks.unanswered(),
            **profile_of(core),
            "photo_bytes": len(core.profile_photo or b""),
            "last_event": core.events.last,
        }

    async def redeliver(self, params: Params) -> int:
        """Delivers the last `count` updates again under the same ids; returns how many there were."""
        return self._core.updates.redeliver(params.integer("count", 1) or 1)

    async def list_faults(self, _params: Params) -> list[Json]:
        """Faults still queued."""
        return self._core.faults.listing()

    async def add_faults(self, params: Params) -> bool:
        """Queues a fault (the body itself) or several ({"faults": […]})."""
        many: Any = params.json("faults")
        specs = many if isinstance(many, list) else [params.values]
        if not all(isinstance(spec, dict) for spec in specs):
            raise bad("a fault must be an Object")
        for spec in specs:
            self._core.faults.add(spec)
        return True

    async def clear_faults(self, _params: Params) -> bool:
        """Forgets queued faults."""
        self._core.faults.clear()
        return True

    async def list_calls(self, params: Params) -> Json:
        """Calls of the bot (method, limit) and counters over all of them; a status of 0 is a cut connection."""
        log = self._core.calls
        listed = log.listing(params.text("method") or None, params.integer("limit", 1_000) or 1_000)
        statuses = {str(status): count for status, count in log.by_status.items()}
        return {"calls": listed, "by_method": dict(log.by_method), "by_status": statuses}

    async def clear_calls(self, _params: Params) -> bool:
        """Forgets calls and counters."""
        self._core.calls.clear()
        return True

    async def get_limits(self, _params: Params) -> Json:
        """The flood limits in force."""
        return asdict(self._core.flood.limits)

    async def set_limits(self, params: Params) -> Json:
        """Changes some of the flood limits, by the names of Limits."""
        limits = self._core.flood.limits
        known = {field.name for field in fields(Limits)}
        for name, value in params.values.items():
            if name not in known or not isinstance(value, int | float):
                raise bad(f"unknown limit {name!r}")
            setattr(limits, name, type(getattr(limits, name))(value))
        return asdict(limits)
