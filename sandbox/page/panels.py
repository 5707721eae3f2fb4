"""What stands behind the scenes, each a panel beside the chat: shown as JSON, and with levers to pull."""

from dataclasses import asdict
from typing import Any, Protocol, get_args

from sandbox.kit.control import KEY, SCALE, fault_of
from sandbox.kit.server import SimServer
from sandbox.services import Services
from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Json
from sandbox.telegram.control.faults import FaultKind
from sandbox.telegram.control.routes_control import ControlRoutes
from sandbox.telegram.wire.params import Params

REQUESTS_SHOWN = 20
CALLS_SHOWN = 50
TITLES = {
    "ai_now": "AI-Now",
    "neuroartist": "NeuroArtist",
    "naive": "Naive",
    "neuroapi": "NeuroAPI",
    "neuroflash": "neuroflash",
}


class Panel(Protocol):
    """Both methods answer with what the panel shows now."""

    async def show(self) -> Json: ...

    async def do(self, order: Json) -> Json:
        """Acts: `order` has "do" and what that takes. Raises ApiError or ValueError with a sentence."""
        ...


def only(order: Json, *names: str) -> Json:
    """What is given of these names."""
    return {name: order[name] for name in names if order.get(name) is not None}


class ServicesPanel:
    """The simulated services: faults to come, the key, the speed of time, and what they were asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self) -> Json:
        every = self._services.all
        return {
            "scale": self._services.ai_now.state.scale,
            "services": [self._show(name, service) for name, service in every.items()],
        }

    @staticmethod
    def _show(name: str, service: SimServer[Any]) -> Json:
        state, catalogue = service.state, service.faults.catalogue.items()
        return {
            "name": name,
            "title": TITLES.get(name, name),
            "faults": {
                key: {"stage": kind.stage.value, "what": kind.what, "value": kind.value} for key, kind in catalogue
            },
            "waiting": [fault.as_json() for fault in service.faults.waiting()],
            "key_valid": state.key_valid,
            "scale": state.scale,
            "orders": len(state.records),
            "violations": service.violations,
            "requests": [record.as_json() for record in service.requests[-REQUESTS_SHOWN:]],
        }

    async def do(self, order: Json) -> Json:
        """fault (service, fault, model, times, value), clear (service), key (service, valid), scale (scale, of all)."""
        match order.get("do"):
            case "fault":
                queue = self._service(order).faults
                queue.extend([fault_of(queue, only(order, "fault", "model", "times", "value"))])
            case "clear":
                self._service(order).faults.clear()
            case "key":
                service = self._service(order)
                if wrong := KEY.rule(order.get("valid")):
                    raise ValueError(f"valid: {wrong}")
                service.state.key_valid = order["valid"]
            case "scale":
                if wrong := SCALE.rule(order.get("scale")):
                    raise ValueError(f"scale: {wrong}")
                for service in self._services.all.values():
                    service.state.scale = order["scale"]
            case _:
                raise ValueError("do is one of fault, clear, key, scale")
        return await self.show()

    def _service(self, order: Json) -> SimServer[Any]:
        found = self._services.all.get(str(order.get("service")))
        if found is None:
            raise ValueError(f"service is one of {', '.join(self._services.all)}")
        return found


class TelegramPanel:
    """Telegram's own faults and limits, and the bot's last calls."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def show(self) -> Json:
        core = self._core
        return {
            "faults": core.faults.listing(),
            "kinds": list(get_args(FaultKind)),
            "limits": asdict(core.flood.limits),
            "calls": core.calls.listing(limit=CALLS_SHOWN),
            "pending_updates": len(core.updates.pending),
        }

    async def do(self, order: Json) -> Json:
        """fault (kind, method, chat_id, times, retry_after, seconds), clear, limits (by the names of Limits)."""
        match order.get("do"):
            case "fault":
                self._core.faults.add(only(order, "kind", "method", "chat_id", "times", "retry_after", "seconds"))
            case "clear":
                self._core.faults.clear()
            case "limits":
                await ControlRoutes(self._core).set_limits(Params({k: v for k, v in order.items() if k != "do"}))
            case _:
                raise ValueError("do is one of fault, clear, limits")
        return await self.show()
