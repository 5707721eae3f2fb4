"""What people choose for good: language, preferences, usual models and flags, presets."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.catalog.models import Kind
from bot.domain.errors import TooManyPresets
from bot.engine.accounts import preferences, users
from bot.engine.accounts.preferences import PRESETS, Preferences
from bot.engine.dialogs import awaited_input, chosen_kind
from bot.storage.database import Database


class PersonalSettings:
    """One person's at a time, by Telegram's id. Every setter returns what holds now; doing it again changes nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user_id: int) -> Preferences:
        """The defaults for an unknown person."""
        return await self._db.read(lambda conn: preferences.of(conn, user_id))

    async def choose_language(self, user_id: int, language: str | None) -> None:
        """None: the one of their Telegram. All processes are told."""

        def choose(conn: Connection) -> None:
            users.set_language(conn, user_id, language)
            self._db.notify(conn, users.CHANGED)

        await self._db.transaction(choose)

    async def confirm_above(self, user_id: int, price: int) -> Preferences:
        """Orders up to this price, in micro-credits, need no confirmation; -1: every order does."""
        return await self._change(user_id, lambda own: replace(own, confirm_above=price))

    async def notify_after(self, user_id: int, seconds: int) -> Preferences:
        """Seconds that an order must have taken for a "Ready" of its own; or OPERATORS, NEVER of preferences."""
        return await self._change(user_id, lambda own: replace(own, notify_after=seconds))

    async def offer_improvements(self, user_id: int, *, on: bool) -> Preferences:
        return await self._change(user_id, lambda own: replace(own, improve=on))

    async def chat_mode(self, user_id: int, *, on: bool) -> Preferences:
        """On: plain text in the private chat goes to the chat model."""
        return await self._change(user_id, lambda own: replace(own, chat_mode=on))

    async def chat_model(self, user_id: int, slug: str) -> Preferences:
        return await self._change(user_id, lambda own: replace(own, chat_model=slug))

    async def temperature(self, user_id: int, value: str) -> Preferences:
        """A decimal; "": what the model does by itself."""
        return await self._change(user_id, lambda own: replace(own, temperature=value))

    async def usual_model(self, user_id: int, kind: Kind, slug: str) -> Preferences:
        """The model that orders of this kind begin with; "": none."""
        return await self._change(user_id, lambda own: replace(own, models=_with(own.models, kind.value, slug)))

    async def no_usual_flags(self, user_id: int, kind: Kind) -> Preferences:
        return await self._change(user_id, lambda own: replace(own, flags=_with(own.flags, kind.value, "")))

    async def await_flags(self, user_id: int, kind: Kind | None) -> None:
        """The person's next flags are the usual ones of this kind; None: they turned to something else. Either way a
        kind that they tapped in the menu counts no more."""

        def turn(conn: Connection) -> None:
            chosen_kind.note(conn, user_id, None)
            if kind is not None:
                awaited_input.note_flags(conn, user_id, kind)
            elif awaited_input.flags_of(conn, user_id) is not None:
                awaited_input.clear(conn, user_id)

        await self._db.transaction(turn)

    async def flags_awaited(self, user_id: int) -> Kind | None:
        """The kind whose usual flags are awaited."""
        return await self._db.read(lambda conn: awaited_input.flags_of(conn, user_id))

    async def usual_flags(self, user_id: int, kind: Kind, flags: str, *, model: str = "") -> Preferences:
        """Flags, and a model, that orders of this kind begin with; "" leaves what was. They are awaited no more."""

        def changed(own: Preferences) -> Preferences:
            models = {**own.models, kind.value: model} if model else own.models
            return replace(own, models=models, flags={**own.flags, kind.value: flags} if flags else own.flags)

        def keep_flags(conn: Connection) -> Preferences:
            awaited_input.clear(conn, user_id)
            return preferences.change(conn, user_id, changed)

        return await self._db.transaction(keep_flags)

    async def save_preset(self, user_id: int, name: str, flags: str) -> str | None:
        """In place of one of that name, whose flags are returned. Raises TooManyPresets."""

        def keep_preset(conn: Connection) -> str | None:
            before = preferences.of(conn, user_id).presets
            if name not in before and len(before) >= PRESETS:
                raise TooManyPresets(PRESETS)
            preferences.change(conn, user_id, lambda own: replace(own, presets=_with(own.presets, name, flags)))
            return before.get(name)

        return await self._db.transaction(keep_preset)

    async def delete_preset(self, user_id: int, name: str) -> Preferences:
        return await self._change(user_id, lambda own: replace(own, presets=_with(own.presets, name, "")))

    async def choose_kind(self, user_id: int, kind: Kind | None) -> None:
        """The kind that the person's next text or picture becomes; None: any. A template that waited waits no more."""

        def choose(conn: Connection) -> None:
            chosen_kind.note(conn, user_id, kind)
            if awaited_input.template_of(conn, user_id) is not None:
                awaited_input.clear(conn, user_id)

        await self._db.transaction(choose)

    async def _change(self, user_id: int, changed: Callable[[Preferences], Preferences]) -> Preferences:
        return await self._db.transaction(lambda conn: preferences.change(conn, user_id, changed))


def _with(texts: dict[str, str], name: str, value: str) -> dict[str, str]:
    """Another text under that name; "": none."""
    others = {each: text for each, text in texts.items() if each != name}
    return {**others, name: value} if value else others
