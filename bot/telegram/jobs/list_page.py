"""The pages of /jobs, as they are now, in the message that shows them: orders, answers, and a job's card."""

from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.models import Kind
from bot.domain.jobs import Job, JobState
from bot.engine.accounts.users import User
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.jobs import texts
from bot.telegram.jobs.keyboards import again_label
from bot.telegram.jobs.remedies import again_helps
from bot.telegram.ui import messages
from bot.telegram.ui.callbacks import JobAction, MenuAction
from bot.telegram.ui.keyboards import job_menu, jobs_menu
from bot.telegram.ui.paging import page_number

Page = tuple[Html, InlineKeyboardMarkup]


async def list_page(ctx: Context, person: User, t: Speech, wanted: int, *, answers: bool = False) -> Page:
    """A page of the orders, or of the answers; one past the end shows the last."""
    page = await ctx.engine.jobs.page(person.account_id, wanted, texts.PER_PAGE, answers=answers)
    labels = [(job, texts.label(t, ctx.shop.catalog, job)) for job in page.jobs]
    pages = max(1, -(-page.count // texts.PER_PAGE))
    text = texts.list_text(t, ctx.shop.catalog, page.jobs, count=page.count, answers=answers)
    return text, jobs_menu(t, labels, page=page.number, pages=pages, answers=answers, others=page.others)


async def card_page(ctx: Context, t: Speech, job: Job, number: int) -> Page:
    """One job; Back leads to that page of the list."""
    sold = next((model for model in ctx.shop.models if model.slug == job.model), None)
    again = None
    if sold is not None and (job.state is JobState.DONE or again_helps(job)):
        again = again_label(t, job, sold, ctx.shop.price(sold, job.options))
    return texts.card(t, ctx.shop.catalog, job), job_menu(t, job, page=number, again=again)


async def renew(ctx: Context, query: CallbackQuery, person: User, t: Speech, job_id: str) -> None:
    """Shows the list or the card under which the button was pressed as it is now; other messages stay as they are."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None or not messages.has_button(query):
        return
    data = [b.callback_data or "" for row in message.reply_markup.inline_keyboard for b in row]
    opens = [JobAction.unpack(d) for d in data if d.startswith("j:") and ":open:" in d]
    backs = [MenuAction.unpack(d) for d in data if d.startswith(("m:jobs:", "m:answers:"))]
    here, job = messages.target_of(message), await ctx.engine.jobs.get(job_id)
    if job is None:
        return
    if opens:
        number, answers = page_number(opens[0].arg) or 0, job.kind is Kind.ASK
        await messages.edit(ctx, here, *await list_page(ctx, person, t, number, answers=answers))
    elif backs:
        await messages.edit(ctx, here, *await card_page(ctx, t, job, page_number(backs[0].arg) or 0))
