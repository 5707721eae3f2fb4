"""/ban and /unban: who is meant is confirmed by name and id, and written into the table that every process reads."""

from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.engine.accounts.moderation import Banned
from bot.engine.accounts.users import User
from bot.engine.dialogs.drafts import Draft, DraftGone, draft_id
from bot.telegram.admin.command_forms import explained, person_first
from bot.telegram.admin.credits.adjustment import choice
from bot.telegram.admin.credits.arguments import checked_note
from bot.telegram.admin.person_lookup import find, replied_of
from bot.telegram.admin.replies import UNNAMED, AdminReplies, person_line
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


async def ban(message: Message, command: CommandObject, ctx: Context, t: Speech, replies: AdminReplies) -> None:
    """`/ban <@username | id> [reason]`, or in a reply `/ban [reason]`. Asks first, always."""
    async with explained(replies, message, t("bans-form", command="ban")):
        user, reason = await _meant(replies, message, command)
        before = await ctx.engine.moderation.of(user)
        if ctx.is_admin(user.id):
            await replies.answer(message, t("bans-admin", person=person_line(t, user)))
        elif before is not None:
            await replies.answer(message, _report(t, before, "bans-before"))
        else:
            await _ask(replies, message, user, reason)


async def unban(message: Message, command: CommandObject, t: Speech, replies: AdminReplies) -> None:
    """Acts at once: it takes nothing from the user."""
    async with explained(replies, message, t("bans-form", command="unban")):
        user, _ = await _meant(replies, message, command)
        lifted = await replies.ctx.engine.moderation.unban(user.id)
        _heard(replies)
        await replies.answer(message, t("bans-lifted" if lifted else "bans-not-banned", person=person_line(t, user)))


async def settle_ban(replies: AdminReplies, draft: Draft) -> Html | None:
    """Carries out the confirmed ban; None when its question was decided before, or the person is gone."""
    user_id, reason = int(draft.data["user"]), str(draft.data["note"])
    ban = replies.ctx.engine.moderation.ban
    try:
        done = await ban(user_id, reason=reason, actor=replies.person, draft_id=draft.id)
    except DraftGone:
        return None
    _heard(replies)
    return _report(replies.t, done, "bans-done")


def _heard(replies: AdminReplies) -> None:
    """This process knows at once; the others are notified."""
    if replies.ctx.safety.bans is not None:
        replies.ctx.safety.bans.forget()


async def _ask(replies: AdminReplies, message: Message, user: User, reason: str) -> None:
    t, key = replies.t, draft_id("ban", draft_id_of(message))
    confirmations = replies.ctx.engine.confirmations
    data = {"user": user.id, "note": reason}
    draft = await confirmations.ask(key, asker=replies.person.id, purpose=PURPOSE, data=data)
    if draft.message_id:
        return
    asked = lines([t("bans-ask", person=person_line(t, user)), t("bans-ask-means"), _reason(t, reason)])
    await confirmations.placed(key, await replies.answer(message, asked, choice(t, key, danger=True)))


def _report(t: Speech, banned: Banned, key: str) -> Html:
    by = one_line(banned.by.name, NAME) if banned.by is not None else ""
    time = t.moment(banned.ban.created_at)
    said = t(key, person=person_line(t, banned.user), by=by or UNNAMED, time=time)
    return lines([said, _reason(t, banned.ban.reason)])


def _reason(t: Speech, reason: str) -> Html:
    return t("bans-reason", reason=one_line(reason, REASON)) if reason else Html("")


async def _meant(replies: AdminReplies, message: Message, command: CommandObject) -> tuple[User, str]:
    """The user and the words after. Raises FormError, NobodyFound."""
    who, words = person_first((command.args or "").split(), replied_of(message))
    reason = checked_note(words)
    return await find(replies.ctx.engine.people, who), reason
