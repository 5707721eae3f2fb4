"""A filled template as an order: its model, style, options and prompt are decided, so that the card opens at once."""

from dataclasses import replace

from bot.domain.catalog.templates import Template
from bot.domain.jobs import Input, Target
from bot.domain.orders.order_defaults import said
from bot.engine.templates.orders import idea_of
from bot.telegram.orders.checkout import start
from bot.telegram.orders.draft.draft import OrderDraft, all_decided, tidy
from bot.telegram.orders.draft.flag_text import usual_of
from bot.telegram.orders.draft.steps import PromptTooLong, with_model
from bot.telegram.orders.view.presenter import OrderPresenter, market


async def begin(
    presenter: OrderPresenter,
    at: Target,
    draft_id: str,
    template: Template,
    words: str = "",
    picture: Input | None = None,
) -> bool:
    """Opens the order's card. `at` is the message that asked. False: it could not be, and why was told; the words may
    be given once more."""
    ctx, t = presenter.ctx, presenter.t
    offers = await market(ctx)
    own = await ctx.engine.settings.of(presenter.person.id)
    idea = idea_of(template, offers.offers, own.models)
    if idea is None:
        await presenter.tell(at, t("ideas-not-sold", title=t.title(template.title)))
        return False
    model = idea.offer.model
    usual = replace(usual_of(own), typed=said(model, idea.options))
    draft = OrderDraft(
        prompt=tidy(template.filled(t.language, words)),
        kind=template.kind,
        usual=usual,
        inputs=(picture,) if picture is not None else (),
    )
    try:
        order = with_model(draft, model, all_decided(model, idea.options))
    except PromptTooLong:
        limit = model.prompt_limit - len(template.filled(t.language, ""))
        await presenter.tell(at, t("ideas-too-long", length=len(words), limit=limit))
        return False
    await start(presenter, draft_id, at, order, offers)
    return True
