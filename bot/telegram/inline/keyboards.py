"""Buttons under inline messages: those that work where the bot knows nothing but the message's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalog.models import Model
from bot.domain.catalog.options import refused, results, without
from bot.domain.jobs import Job
from bot.domain.money import Credits
from bot.telegram.i18n.lengths import units
from bot.telegram.i18n.texts import Speech
from bot.telegram.jobs.keyboards import Prices
from bot.telegram.jobs.remedies import again_helps
from bot.telegram.orders.draft.flag_text import MODEL, written
from bot.telegram.ui.callbacks import InlineAction
from bot.telegram.ui.keyboards import Rows, button, in_rows, markup

QUERY_MAX: Final = 256
"""Characters that Telegram passes on of what is typed behind the bot's name (Bot API, InlineQuery)."""
SHOW: Final = "show_"
"""Behind /start, and an id behind that: the job is shown in private."""
LONG: Final = "long"
"""Behind /start: a user whose words Telegram cut."""
CREDITS: Final = "credits"
"""Behind /start: a user who needs credits."""
INLINE: Final = "inline"
"""Behind /start: a user who comes from another chat."""
NUMBERS: Final = 10
MODELS: Final = 8
HUNDREDTH: Final = 10_000
"""Micro-credits: prices are multiples of it (bot/domain/money.py)."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a press of Generate agrees to: this model at this price, and all the rest that the card says of the order,
    of which `seal` is the name. The words themselves are with the draft."""

    slug: str
    quote: Credits
    seal: str

    def to_arg(self) -> str:
        """The agreement as callback data."""
        return f"{self.slug}.{self.quote // HUNDREDTH}.{self.seal}"

    @classmethod
    def from_arg(cls, arg: str) -> "Agreed | None":
        """Reads callback data; None for what no button of the bot carries."""
        slug, price, seal = arg.split(".") if arg.count(".") == 2 else ("", "", "")
        known = slug and price.isdecimal() and len(price) < 12
        return cls(slug, Credits(int(price) * HUNDREDTH), seal) if known else None


def card_buttons(t: Speech, draft_id: str, said: Agreed, links: Mapping[str, str]) -> InlineKeyboardMarkup:
    """Generate, and links by their labels; those to "" are left out."""
    label = t.plain("inline-button-go", price=t.money(said.quote))
    rows: Rows = [[button(label, InlineAction(id=draft_id, act="go", arg=said.to_arg()), "success")]]
    rows += [[InlineKeyboardButton(text=t.plain(key), url=address)] for key, address in links.items() if address]
    return markup(rows)


def model_buttons(t: Speech, draft_id: str, priced: list[tuple[Model, Credits]], page: int) -> InlineKeyboardMarkup:
    """A page of models with their prices."""
    count = max(1, -(-len(priced) // MODELS))
    page = min(page, count - 1)
    shown = [
        button(f"{t.title(model.title)} · {t.money(price)}", InlineAction(id=draft_id, act="pick", arg=model.slug))
        for model, price in priced[page * MODELS : (page + 1) * MODELS]
    ]
    rows = in_rows(shown, 2)
    if count > 1:
        turns = ((page - 1) % count, "‹"), (page, f"{page + 1}/{count}"), ((page + 1) % count, "›")
        rows.append([button(label, InlineAction(id=draft_id, act="page", arg=str(n))) for n, label in turns])
    return markup(rows)


def result_buttons(t: Speech, job: Job, bot_name: str, shown: int = 0) -> InlineKeyboardMarkup:
    """Numbers where there are several files to see; the same order typed anew by the user who taps; the bot itself."""
    files = [i for i, each in enumerate(job.delivered) if each.file_id][:NUMBERS]
    numbers = [
        button(f"· {i + 1} ·" if i == shown else f"{i + 1}", InlineAction(id=job.id, act="see", arg=str(i)))
        for i in (files if len(files) > 1 else ())
    ]
    rows = in_rows(numbers, 5)
    query = again_query(job)
    if query:
        again = InlineKeyboardButton(text=t.plain("inline-button-again"), switch_inline_query_current_chat=query)
        rows.append([again])
    if bot_name:
        rows.append(
            [
                InlineKeyboardButton(
                    text=t.plain("inline-button-more"), url=f"https://t.me/{bot_name}?start={SHOW}{job.id}"
                )
            ]
        )
    return markup(rows)


async def ended_buttons(t: Speech, job: Job, prices: Prices) -> InlineKeyboardMarkup:
    """Another try where it can help, without an option that the model refused and with its price now, while the model
    is on sale; and the same words for others."""
    rows: Rows = []
    offer = await prices.offer(job.model)
    wrong = refused(offer.model, job) if offer is not None else None
    if offer is not None and offer.available and (wrong is not None or again_helps(job)):
        options = without(job.options, wrong.name) if wrong is not None else job.options
        price = t.money(prices.price(offer.model, options))
        label = t.plain("job-button-retry", count=results(offer.model, options), price=price)
        rows.append([button(label, InlineAction(id=job.id, act="retry"))])
    words = _typed(job.prompt)
    if words:
        others = InlineKeyboardButton(text=t.plain("inline-button-others"), switch_inline_query_current_chat=words)
        rows.append([others])
    return markup(rows)


def again_query(job: Job) -> str:
    """The order as it is typed behind the bot's name; "" where that is too long for a query."""
    query = f"{written({MODEL: job.model, **{n: v for n, v in job.options.items() if v}})} {job.prompt}"
    return _typed(query)


def _typed(query: str) -> str:
    """What can be typed behind the bot's name as it is; "" for anything else."""
    return query if query and units(query) < QUERY_MAX and "\n" not in query else ""
