"""/ban and /unban: who is meant is confirmed by name and id, and written into the table that every process reads."""

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlalchemy import Connection

from bot.engine.accounts import bans, users
from bot.engine.accounts.bans import Ban
from bot.engine.accounts.users import User
from bot.engine.dialogs import drafts, inbox
from bot.telegram.admin.credits.adjustment import choice
from bot.telegram.admin.credits.arguments import NOTE, FormError, checked_note
from bot.telegram.admin.credits.topup import GIVEN, nobody_text, stands
from bot.telegram.admin.person_lookup import NobodyFound, Replied, Who, find, replied_of, who_of
from bot.telegram.admin.replies import NOBODY, AdminReplies, person_line
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.clip import NAME, one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.messages import draft_id_of

PURPOSE: Final = "ban"
REASON: Final = 400
"""Units of a reason that are shown."""


def build_router() -> Router:
    router = Router(name="admin-bans")
    router.message.register(ban, is_command("ban"))
    router.message.register(unban, is_command("unban"))
    return router


async def ban(
    message: Message, command: CommandObject, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    """`/ban <@username | id> [reason]`, or in a reply `/ban [reason]`. Asks first, always."""
    clerk = AdminReplies(ctx, person, t, ticket)
    found = await _meant(clerk, message, command, "ban")
    if found is None:
        return
    user, reason = found
    before = await ctx.db.read(lambda conn: bans.get(conn, user.id))
    if ctx.is_admin(user.id):
        await clerk.answer(message, t("bans-admin", person=person_line(t, user)))
    elif before is not None:
        await clerk.answer(message, await _report(clerk, user, before, "bans-before"))
    else:
        await _ask(clerk, message, user, reason)


async def unban(
    message: Message, command: CommandObject, ctx: Context, person: User, t: Speech, ticket: inbox.Ticket | None
) -> None:
    """Acts at once: it takes nothing from anybody."""
    clerk = AdminReplies(ctx, person, t, ticket)
    found = await _meant(clerk, message, command, "unban")
    if found is None:
        return
    user, _ = found

    def lift(conn: Connection) -> bool:
        lifted = bans.unban(conn, user.id)
        ctx.db.notify(conn, bans.CHANGED)
        clerk.handled(conn)
        return lifted

    lifted = await ctx.db.transaction(lift)
    _heard(clerk)
    await clerk.answer(message, t("bans-lifted" if lifted else "bans-not-banned", person=person_line(t, user)))


async def settle_ban(clerk: AdminReplies, draft: drafts.Draft) -> Html | None:
    """Carries out the confirmed ban; None when its question was decided before, or the person is gone."""
    user_id, reason = int(draft.data["user"]), str(draft.data["note"])

    def carry_out(conn: Connection) -> tuple[User, Ban] | None:
        user = users.find(conn, user_id)
        if not drafts.delete(conn, draft.id) or user is None:
            return None
        bans.ban(conn, user_id, reason=reason, actor=clerk.person.account_id)
        clerk.ctx.db.notify(conn, bans.CHANGED)
        clerk.handled(conn)
        stands_now = bans.get(conn, user_id)
        assert stands_now is not None
        return user, stands_now

    done = await clerk.ctx.db.transaction(carry_out)
    _heard(clerk)
    return await _report(clerk, *done, "bans-done") if done is not None else None


def _heard(clerk: AdminReplies) -> None:
    """This process knows at once; the others are notified."""
    if clerk.ctx.safety.bans is not None:
        clerk.ctx.safety.bans.forget()


async def _ask(clerk: AdminReplies, message: Message, user: User, reason: str) -> None:
    t, key = clerk.t, drafts.draft_id("ban", draft_id_of(message))

    def begin(conn: Connection) -> drafts.Draft:
        data = {"user": user.id, "note": reason}
        asker = clerk.person.id
        return drafts.create(conn, id=key, user_id=asker, purpose=PURPOSE, chat_id=asker, thread_id=None, data=data)[0]

    draft = await clerk.ctx.db.transaction(begin)
    if draft.message_id:
        return
    asked = lines([t("bans-ask", person=person_line(t, user)), t("bans-ask-means"), _reason(t, reason)])
    await stands(clerk, key, await clerk.answer(message, asked, choice(t, key, danger=True)))


async def _report(clerk: AdminReplies, user: User, ban: Ban, key: str) -> Html:
    t = clerk.t
    actor = await clerk.ctx.db.read(lambda conn: users.by_account(conn, ban.actor))
    by = one_line(actor.name, NAME) if actor is not None else ""
    said = t(key, person=person_line(t, user), by=by or NOBODY, time=t.when(ban.created_at))
    return lines([said, _reason(t, ban.reason)])


def _reason(t: Speech, reason: str) -> Html:
    return t("bans-reason", reason=one_line(reason, REASON)) if reason else Html("")


async def _meant(clerk: AdminReplies, message: Message, command: CommandObject, name: str) -> tuple[User, str] | None:
    """The person and the words after; None when that was not understood, which the admin was told."""
    t, words = clerk.t, (command.args or "").split()
    named = who_of(words[0]) if words else None
    who: Who | Replied | None = named
    replied = replied_of(message)
    if named is not None:
        words = words[1:]
    elif replied is not None:
        who = replied
    if who is None:
        wrong = t("admin-form-nobody", given=one_line(words[0], GIVEN)) if words else t("admin-form-empty")
        await clerk.answer(message, lines([wrong, t("bans-form", command=name)]))
        return None
    try:
        reason = checked_note(words)
        user = await clerk.ctx.db.read(lambda conn: find(conn, who))
    except FormError as error:
        await clerk.answer(
            message, lines([t(f"admin-form-{error.problem}", longest=NOTE), t("bans-form", command=name)])
        )
        return None
    except NobodyFound as error:
        await clerk.answer(message, nobody_text(t, error))
        return None
    return user, reason
