"""What was written while an answer was under way is asked when that answer has ended."""

from bot.domain.errors import Refusal
from bot.domain.jobs import Job
from bot.telegram.chat.ask import refuse, tell_price
from bot.telegram.context.context import Context
from bot.telegram.orders.group_permission import administers
from bot.telegram.orders.view.presenter import OrderPresenter


async def ask_next(ctx: Context, ended: Job) -> None:
    """Asks what waits for the end of this answer. A refusal is told before the question is dropped: a crash in between
    tells it twice, and never drops a question in silence."""
    chat_id = ended.target.chat_id
    found = await ctx.engine.conversations.waiting(chat_id, ended.user_id)
    person = await ctx.engine.people.find(ended.user_id) if found is not None else None
    if found is None or person is None:
        return
    presenter = OrderPresenter(ctx, person, ctx.texts.of(found.locale))
    try:
        asked = await ctx.asks.ask_waiting(person, chat_id, admin=await administers(ctx, person, chat_id))
    except Refusal as refusal:
        await refuse(presenter, found.at, refusal)
        await ctx.engine.conversations.drop_waiting(found, person.id)
        return
    if asked is not None and asked.begun:
        await tell_price(presenter, found.at, found.model)
