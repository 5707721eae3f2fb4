"""What the admins of a group decided about orders there, and whether an order keeps to it. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.catalog.models import Kind, Model
from bot.domain.errors import Refusal


class Who(StrEnum):
    """Who may order in a group."""

    EVERYONE = "everyone"
    ADMINS = "admins"
    NOBODY = "nobody"


class Presence(StrEnum):
    """How the bot is there, as Telegram told it last."""

    MEMBER = "member"
    ADMIN = "admin"
    MUTED = "muted"
    """It may read and not write."""
    GONE = "gone"


COOLDOWNS: Final = (0, 30, 60, 300, 900, 3600, 21_600, 86_400)
"""Seconds between two orders of one member that admins can choose from; 0: none."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group's settings; the defaults are those of a group that never changed any."""

    chat_id: int
    who: Who = Who.EVERYONE
    language: str = ""
    """In which the bot speaks there; "": in each person's own."""
    cooldown: int = 0
    """Seconds that a member waits after an order before the next one."""
    quiet: bool = False
    """No "Ready" replies and no chatter: only what was asked for."""
    kinds_off: frozenset[str] = frozenset()
    models_off: frozenset[str] = frozenset()
    """What may not be ordered, so that new models are allowed until a group admin says otherwise."""
    presence: Presence = Presence.MEMBER
    moved_to: int | None = None
    """The supergroup that it became: nothing is written here any more."""

    def allows(self, model: Model) -> bool:
        """Whether the model may be ordered there, by any member."""
        return model.slug not in self.models_off and model.kind.value not in self.kinds_off


class Why(StrEnum):
    """Why a group takes no order."""

    NOBODY = "nobody"
    ADMINS = "admins"
    KIND = "kind"
    MODEL = "model"
    COOLDOWN = "cooldown"


class GroupRefused(Refusal):
    """The group's settings do not allow the order. Nothing was held."""

    def __init__(self, why: Why, *, model: str = "", kind: Kind | None = None, seconds: float = 0.0) -> None:
        super().__init__(why.value)
        self.why = why
        self.model = model
        """Its slug."""
        self.kind = kind
        self.seconds = seconds
        """Until the member may order again; 0 unless it is the cool-down."""


def refused(
    group: Group,
    *,
    admin: bool,
    model: Model | None,
    kind: Kind | None,
    last_order_at: float | None,
    now: float,
) -> GroupRefused | None:
    """Why the order may not be made there, None when it may. `admin`: the member administers the group; `kind` and
    `model` as far as they are decided; times are Unix seconds. The cool-down holds for admins too.
    """
    if group.who is Who.NOBODY:
        return GroupRefused(Why.NOBODY)
    if group.who is Who.ADMINS and not admin:
        return GroupRefused(Why.ADMINS)
    if model is not None:
        kind = model.kind
    if kind is not None and kind.value in group.kinds_off:
        return GroupRefused(Why.KIND, kind=kind)
    if model is not None and model.slug in group.models_off:
        return GroupRefused(Why.MODEL, model=model.slug, kind=kind)
    if group.cooldown and last_order_at is not None and now < last_order_at + group.cooldown:
        return GroupRefused(Why.COOLDOWN, seconds=last_order_at + group.cooldown - now)
    return None
