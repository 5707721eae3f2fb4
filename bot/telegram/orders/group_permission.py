"""Whether a member may order in a group, asked before a menu opens; the engine asks again when the order is made."""

from bot.domain.catalog.models import Kind
from bot.domain.chats import is_private
from bot.domain.limits.groups import GroupRefused, Who
from bot.engine.accounts.users import User
from bot.telegram.context.context import Context
from bot.telegram.updates import unregistered


async def administers(ctx: Context, person: User, chat_id: int) -> bool:
    """Whether the member is an admin of the group, asked only where that decides who may order. Only admins speak as
    the group itself; a member who speaks as another chat is no admin here."""
    if is_private(chat_id) or (await ctx.rooms.of(ctx.engine.groups, chat_id)).who is not Who.ADMINS:
        return False
    if unregistered.is_chat(person):
        return person.id == chat_id
    return await ctx.rooms.is_admin(ctx.outbox, chat_id, person.id)


async def refused_here(
    ctx: Context, person: User, chat_id: int, slug: str | None, kind: Kind | None
) -> GroupRefused | None:
    """Why an order, as far as it is decided, may not be made in this chat; None when it may."""
    model = ctx.shop.model(slug) if slug is not None else None
    admin = await administers(ctx, person, chat_id)
    return await ctx.engine.drafts.refused(chat_id, person.account_id, admin=admin, model=model, kind=kind)
