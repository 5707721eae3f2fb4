"""A question in words: flags and text become a job at once, for its price was told at the start of the conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SetMessageReaction
from aiogram.types import ReactionTypeEmoji

from bot.domain.catalog.models import Kind, Model
from bot.domain.catalog.options import valid, without
from bot.domain.chats import is_private
from bot.domain.errors import NotOnSale, Refusal, StillAnswering
from bot.domain.jobs import Input, Job, JobState, Target
from bot.domain.orders.matching import match
from bot.engine.accounts.preferences import Preferences
from bot.engine.conversations.memory import Ask
from bot.engine.jobs.submit import Wanted
from bot.telegram.api.errors import End, end_of
from bot.telegram.chat.keyboards import stop_button
from bot.telegram.chat.models import chat_models, preferred, temperature_of
from bot.telegram.i18n.amounts import credits_limit
from bot.telegram.i18n.texts import Speech
from bot.telegram.orders.draft.draft import tidy
from bot.telegram.orders.draft.option_values import Wrong, one, options_of
from bot.telegram.orders.draft.parse import MODEL, model_names, parse, problems, reader, with_presets
from bot.telegram.orders.group_permission import administers
from bot.telegram.orders.view.menu_message import requester
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.orders.view.refusals import Place, Remedy, refusal_text, remedy_of, told_before
from bot.telegram.ui.keyboards import balance_menu

log = structlog.get_logger(__name__)

SEEN: Final = "👀"
"""The reaction on a question that waits for the end of an answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, where, and of which model; `id` becomes the job's."""

    id: str
    at: Target
    """The chat, and the message that asks."""
    text: str
    model: Model
    options: Mapping[str, str] = field(default_factory=dict)
    replaces: str = ""
    inputs: tuple[Input, ...] = ()
    """The picture that it is about."""


async def read(
    presenter: OrderPresenter, text: str, quoted: str = "", model: Model | None = None
) -> tuple[str, Model, dict[str, str]]:
    """Question, model and options of a command's words. Raises Wrong, NotOnSale."""
    ctx, t = presenter.ctx, presenter.t
    everything = (await market(ctx)).offers
    offers = [o for o in everything if o.model.kind is Kind.ASK]
    chosen = await ctx.engine.settings.of(presenter.person.id)
    models = await chat_models(ctx)
    parsed = parse(text, offers, with_model=model is None, presets=chosen.presets)
    if parsed.problems:
        raise Wrong(problems(t, offers, parsed.problems, model, chosen.presets))

    def meant(values: Mapping[str, str]) -> tuple[Model, dict[str, str]]:
        return _meant(t, values, model, models, chosen, [o.model for o in offers])

    sought, options = with_presets(t, parsed, chosen, reader(everything), meant)
    return _question(presenter, parsed.prompt, quoted, sought), sought, {name: v for name, v in options.items() if v}


async def read_or_tell(
    presenter: OrderPresenter, at: Target, text: str, quoted: str = "", model: Model | None = None
) -> tuple[str, Model, dict[str, str]] | None:
    """What `read` returns; None: refused, and why was told at that message."""
    try:
        return await read(presenter, text, quoted, model)
    except Wrong as wrong:
        await presenter.tell(at, wrong.text)
    except NotOnSale as refusal:
        await refuse(presenter, at, refusal)
    return None


def _meant(
    t: Speech,
    values: Mapping[str, str],
    model: Model | None,
    models: Sequence[Model],
    chosen: Preferences,
    everything: Sequence[Model],
) -> tuple[Model, dict[str, str]]:
    """The model and its options. Raises Wrong, NotOnSale."""
    typed = dict(values)
    named = typed.pop(MODEL, None)
    if model is None and named is not None:
        titles = {m.slug: t.title(m.title) for m in models}
        found = match(named, [(m.slug, model_names(m)) for m in models])
        key = one(t, found, named, titles, unknown="order-unknown-model")
        model = next(m for m in models if m.slug == key)
    model = model or preferred(models, chosen)
    if model is None:
        raise NotOnSale("")
    return model, {**temperature_of(model, chosen), **options_of(t, model, typed, everything)}


def _question(presenter: OrderPresenter, typed: str, quoted: str, model: Model) -> str:
    """The question, with the message that it replies to before it."""
    question, context = tidy(typed), tidy(quoted)
    if not question and not context:
        raise Wrong(presenter.t("chat-how", example=presenter.t.plain("order-example-ask")))
    whole = f"{context}\n\n{question}" if question and context else question or context
    if len(whole) > model.prompt_limit:
        title, limit = presenter.t.title(model.title), model.prompt_limit
        raise Wrong(presenter.t("order-too-long", length=len(whole), limit=limit, model=title))
    return whole


async def ask(presenter: OrderPresenter, question: Question) -> bool:
    """Begins the answer; the price stands at the start of a conversation. While another is under way the question waits
    for its end, as a sign on it tells. False: refused, and why was told."""
    ctx, t, at = presenter.ctx, presenter.t, question.at
    wanted = Wanted(
        id=question.id,
        model=question.model.slug,
        target=Target(at.chat_id, at.thread_id, 0),
        locale=t.language,
        prompt=question.text,
        options=question.options,
        inputs=question.inputs,
        requester=requester(presenter.person, at.chat_id),
    )
    what = Ask(replaces=question.replaces, question_id=at.message_id)
    try:
        admin = await administers(ctx, presenter.person, at.chat_id)
        asked = await ctx.asks.checkout(presenter.person, wanted, what, admin=admin)
    except Refusal as refusal:
        await refuse(presenter, at, refusal)
        return False
    if asked is None:
        await _show_waiting(presenter, at)
    elif asked.begun:
        await tell_price(presenter, at, question.model.slug)
    return True


async def _show_waiting(presenter: OrderPresenter, at: Target) -> None:
    """A reaction on the message, which needs no answer of its own; in words where reactions are not allowed."""
    if at.message_id:
        sign = SetMessageReaction(
            chat_id=at.chat_id, message_id=at.message_id, reaction=[ReactionTypeEmoji(emoji=SEEN)]
        )
        try:
            await presenter.ctx.outbox.call(sign)
        except TelegramAPIError as error:
            if end_of(error) is End.LATER:
                raise
            log.info("chat.no_reaction", chat=at.chat_id, error=error.message[:200])
        else:
            return
    await presenter.tell(at, presenter.t("chat-waits"))


async def tell_price(presenter: OrderPresenter, at: Target, slug: str) -> None:
    """At the start of a conversation: what each of its answers may cost."""
    ctx, t = presenter.ctx, presenter.t
    model = ctx.shop.model(slug)
    if model is not None:
        price = credits_limit(t, ctx.asks.bound(model))
        await presenter.tell(at, t("chat-begun", model=t.title(model.title), price=price))


async def again(
    presenter: OrderPresenter,
    id: str,  # noqa: A002
    place: Target,
    job: Job,
    slug: str = "",
    bare: str = "",
) -> bool:
    """Asks a job's question anew, of the model `slug` if any, without the option `bare` if any; a good answer takes the
    place of that one. False: refused, and why was told."""
    models = [m for m in await chat_models(presenter.ctx) if m.sees or not job.inputs]
    chosen = await presenter.ctx.engine.settings.of(presenter.person.id)
    wanted = slug or job.model
    model = next((m for m in models if m.slug == wanted), None) or preferred(models, chosen)
    if model is None:
        await refuse(presenter, place, NotOnSale(job.model))
        return False
    options = without(job.options, bare) if valid(model, job.options) else {}
    replaces = job.id if job.state is JobState.DONE else ""
    return await ask(presenter, Question(id, place, job.prompt, model, options, replaces, job.inputs))


async def refuse(presenter: OrderPresenter, at: Target, refusal: Refusal) -> None:
    """Why there is no answer, that nothing was held, and what to do. A limit that still holds is told once."""
    ctx, t = presenter.ctx, presenter.t
    private, markup = is_private(at.chat_id), None
    if told_before(ctx, presenter.person.id, refusal):
        return
    if remedy_of(refusal) is Remedy.CREDITS and private:
        markup = balance_menu(t, ask=bool(ctx.options.admin_ids))
    elif isinstance(refusal, StillAnswering):
        markup = stop_button(t, refusal.job_id)
    await presenter.tell(at, refusal_text(ctx, t, refusal, Place.QUESTION, private=private), markup)
