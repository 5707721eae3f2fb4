"""An order in the making: opened, priced, shown, given up. Its draft's id becomes the job's."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from bot import ledger
from bot.domain.catalog.models import Kind, Model
from bot.domain.chats import is_private
from bot.domain.jobs import Job, Target
from bot.domain.limits.groups import GroupRefused
from bot.domain.money import Credits
from bot.engine.accounts import groups
from bot.engine.accounts.users import User
from bot.engine.dialogs import awaited_input, chosen_kind, drafts, expiring_messages
from bot.engine.dialogs.drafts import Draft
from bot.engine.dialogs.expiring_messages import Fleeting
from bot.engine.jobs import queries, store
from bot.engine.orders import waiting_orders
from bot.storage.clock import now
from bot.storage.cooldowns import acquire_cooldown
from bot.storage.database import Database

PURPOSE: Final = "order"
ALBUM: Final = "album"
"""The purpose of a draft that names the order of an album's pictures."""

SetAside = Callable[[Connection, int, str], Credits]
"""Asks.set_aside: what improvements of the draft's prompt hold for a moment."""


class OrderDrafts:
    """Drafts of orders and what waits for them; one transaction per call. A draft belongs to the person who opened it,
    an unclaimed one to the one who confirms it: callers see to that by what `find` returns."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def open(self, draft_id: str, user_id: int, at: Target, data: Mapping[str, Any]) -> Draft | None:
        """Opens it in that chat, in answer to the message of `at`; one that exists is returned as it is. None: it is a
        job by now."""

        def open_draft(conn: Connection) -> Draft | None:
            if store.get(conn, draft_id) is not None:
                return None
            return drafts.create(
                conn,
                id=draft_id,
                user_id=user_id,
                purpose=PURPOSE,
                chat_id=at.chat_id,
                thread_id=at.thread_id,
                data=dict(data),
                reply_to=at.message_id,
            )[0]

        return await self._db.transaction(open_draft)

    async def find(self, draft_id: str) -> tuple[Draft | None, Job | None]:
        """The draft, which may be another purpose's, and the job that it became."""
        return await self._db.read(lambda conn: (drafts.get(conn, draft_id), store.get(conn, draft_id)))

    async def get(self, draft_id: str) -> Draft | None:
        """None: it is gone, or for another purpose."""
        draft = await self._db.read(lambda conn: drafts.get(conn, draft_id))
        return draft if draft is not None and draft.purpose == PURPOSE else None

    async def price(
        self,
        person: User,
        draft: Draft,
        quote: Credits | None,
        data: Callable[[Job | None], Mapping[str, Any]],
        *,
        like: Kind | None = None,
        awaits_text: bool = False,
        set_aside: SetAside,
    ) -> Credits:
        """Stores what the draft became and what it costs now (None: it has no price yet). `data` is asked with the
        person's latest job of the kind `like`, if that is given. `awaits_text`: their next message may belong to it.

        Returns what the person can spend on it; an order beyond that waits for credits (waiting_orders).
        """

        def price_draft(conn: Connection) -> Credits:
            latest = queries.last_of_kind(conn, person.account_id, like) if like is not None else None
            quoted_at = now(conn) if quote is not None else None
            became = dict(data(latest))
            drafts.save(conn, replace(draft, data=became, quote=quote, quoted_at=quoted_at))
            _touch(conn, draft)
            if awaits_text:
                awaited_input.note(conn, person.id, draft.id)
            account = person.account_id
            if not account:
                return Credits(0)
            free = ledger.balance(conn, account).available
            available = Credits(free + set_aside(conn, account, draft.id))
            waiting_orders.priced(conn, draft, account_id=account, quote=quote, available=available, data=became)
            return available

        return await self._db.transaction(price_draft)

    async def latest(self, account_id: int, kind: Kind) -> Job | None:
        """The account's latest order of the kind, whatever became of it; None without one."""
        return await self._db.read(lambda conn: queries.last_of_kind(conn, account_id, kind)) if account_id else None

    async def latest_kind(self, account_id: int) -> Kind | None:
        """What the account's latest order from words alone made; None without one."""
        return await self._db.read(lambda conn: queries.last_kind(conn, account_id)) if account_id else None

    async def shown(self, draft_id: str, chat_id: int, message_id: int, ephemeral_id: int = 0) -> Draft | None:
        """Notes which message shows it. In another chat than its own, its group has moved there. None: it is gone."""

        def note_shown(conn: Connection) -> Draft | None:
            current = drafts.get(conn, draft_id)
            if current is None:
                return None
            if current.chat_id != chat_id:
                current = drafts.move(conn, current, chat_id)
            current = replace(current, message_id=message_id, ephemeral_id=ephemeral_id)
            drafts.save(conn, current)
            waiting_orders.stands(conn, current)
            _touch(conn, current)
            return current

        return await self._db.transaction(note_shown)

    async def stands_at(self, draft: Draft) -> None:
        """Notes that the message which shows it is where `draft` says."""

        def note_place(conn: Connection) -> None:
            current = drafts.get(conn, draft.id)
            here = draft.message_id, draft.ephemeral_id
            if current is not None and (current.message_id, current.ephemeral_id) != here:
                current.message_id, current.ephemeral_id = here
                drafts.save(conn, current)

        await self._db.transaction(note_place)

    async def mark(self, draft_id: str, name: str, value: str) -> None:
        """Adds to its data, until it is priced anew."""

        def mark_draft(conn: Connection) -> None:
            current = drafts.get(conn, draft_id)
            if current is not None:
                drafts.save(conn, replace(current, data={**current.data, name: value}))

        await self._db.transaction(mark_draft)

    async def give_up(self, draft_id: str) -> None:
        """Nothing was held for it, and it waits for no credits any more. Idempotent."""

        def drop(conn: Connection) -> None:
            drafts.delete(conn, draft_id)
            waiting_orders.given_up(conn, draft_id)

        await self._db.transaction(drop)

    async def closed(self, draft: Draft) -> None:
        """Its message is gone: it need not expire any more."""
        await self._db.transaction(lambda conn: expiring_messages.forget(conn, _message_of(draft)))

    async def awaiting(self, user_id: int, chat_id: int, reply_to: int | None) -> Draft | None:
        """The draft in that chat that waits for a message of this person. `reply_to`: the message that they answered,
        which then must be the draft's; an unclaimed one waits for the words of any user."""

        def look(conn: Connection) -> Draft | None:
            draft = awaited_input.look(conn, user_id, reply_to=reply_to)
            if draft is None and reply_to is not None:
                here = drafts.at(conn, PURPOSE, chat_id, reply_to)
                draft = here if here is not None and here.is_unclaimed else None
            return draft if draft is not None and draft.chat_id == chat_id else None

        return await self._db.read(look)

    async def answered(self, user_id: int) -> None:
        """Nothing waits for this person's messages any more."""
        await self._db.transaction(lambda conn: awaited_input.clear(conn, user_id))

    async def chosen_kind(self, user_id: int) -> Kind | None:
        """What the person tapped in the menu to make, if their next message is still about it."""
        return await self._db.read(lambda conn: chosen_kind.look(conn, user_id))

    async def refused(
        self, chat_id: int, account_id: int, *, admin: bool, model: Model | None, kind: Kind | None
    ) -> GroupRefused | None:
        """Why an order, as far as it is decided, may not be made in this chat; None when it may."""
        return await self._db.read(
            lambda conn: groups.check(conn, chat_id, account_id, admin=admin, model=model, kind=kind)
        )

    async def tapped(self, draft_id: str, key: str, *, every: float) -> tuple[Draft | None, bool]:
        """The draft that this very tap opened before; else whether another tap of that `key` came within the last
        `every` seconds. A tap that is delivered again is what it was."""

        def note_tap(conn: Connection) -> tuple[Draft | None, bool]:
            opened = drafts.get(conn, draft_id)
            if opened is not None or store.get(conn, draft_id) is not None:
                return opened, False
            return None, not acquire_cooldown(conn, key, every=every)

        return await self._db.transaction(note_tap)

    async def note_album(self, album_id: str, draft: Draft) -> None:
        """Notes which order the further pictures of an album belong to; the latest one counts."""

        def note_order(conn: Connection) -> None:
            drafts.delete(conn, album_id)
            drafts.create(
                conn,
                id=album_id,
                user_id=draft.user_id,
                purpose=ALBUM,
                chat_id=draft.chat_id,
                thread_id=draft.thread_id,
                data={"draft": draft.id},
            )

        await self._db.transaction(note_order)

    async def of_album(self, album_id: str, user_id: int) -> Draft | None:
        """The person's open order that an album's words began; None: there is none, it is a job, or was given up."""

        def look(conn: Connection) -> Draft | None:
            noted = drafts.get(conn, album_id)
            if noted is None or (noted.purpose, noted.user_id) != (ALBUM, user_id):
                return None
            draft = drafts.get(conn, str(noted.data.get("draft", "")))
            return draft if draft is not None and draft.purpose == PURPOSE and draft.sent else None

        return await self._db.read(look)

    async def take_wordless(self, draft_id: str, *, every: float) -> Draft | None:
        """The open draft of an album, for its first words. None: it is gone, a job, or had words already."""

        def take(conn: Connection) -> Draft | None:
            draft = drafts.get(conn, draft_id)
            if draft is None or not draft.sent or store.get(conn, draft.id) is not None:
                return None
            return draft if acquire_cooldown(conn, f"words:{draft.id}", every=every) else None

        return await self._db.transaction(take)


def _message_of(draft: Draft) -> Fleeting:
    if draft.ephemeral_id:
        return Fleeting(draft.chat_id, draft.user_id, draft.ephemeral_id)
    return Fleeting(draft.chat_id, 0, draft.message_id)


def _touch(conn: Connection, draft: Draft) -> None:
    """In groups its message vanishes two minutes after it was last used."""
    if draft.sent and not is_private(draft.chat_id):
        expiring_messages.note(conn, _message_of(draft), draft.id)
