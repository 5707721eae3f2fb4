"""The pictures of an album after the one with the words: an edit takes them all, as far as a model on sale does."""

from dataclasses import replace

from aiogram.types import Message

from bot.domain.catalog.models import Kind
from bot.domain.orders.inputs import suits
from bot.engine.dialogs.drafts import draft_id
from bot.telegram.orders.checkout import go_on
from bot.telegram.orders.draft.draft import Market, OrderDraft
from bot.telegram.orders.input_pictures import InputPictures, NoPicture
from bot.telegram.orders.view.presenter import OrderPresenter, market
from bot.telegram.ui.messages import place_of


def _id(message: Message) -> str:
    return draft_id("album order", message.chat.id, message.media_group_id)


async def note(message: Message, presenter: OrderPresenter, order_id: str) -> None:
    """The words under this picture began that order: what follows of its album belongs to it."""
    drafts = presenter.ctx.engine.drafts
    draft = await drafts.get(order_id)
    if draft is not None:
        await drafts.note_album(_id(message), draft)


async def add(message: Message, presenter: OrderPresenter, pictures: InputPictures) -> None:
    """Another picture for the edit that the album's words began. A person's messages come one after another, so that no
    two pictures change the order at once; one that is delivered again is in it already. Where no model takes so many,
    the card keeps those that it has, and says their number."""
    ctx = presenter.ctx
    draft = await ctx.engine.drafts.of_album(_id(message), presenter.person.id)
    if draft is None:
        return
    offers, order = await market(ctx, draft.chat_id), OrderDraft.from_data(draft.data)
    if order.kind is not Kind.EDIT or not order.card or not _takes(offers, order, len(order.inputs) + 1):
        return
    try:
        picture = await pictures.of_message(message, presenter.person.id)
    except NoPicture as none:
        await presenter.tell(place_of(message), presenter.t(none.text))
        return
    if picture in order.inputs:
        return
    fuller = replace(order, inputs=(*order.inputs, picture))
    offer = offers.get(fuller.model)
    if offer is None or not suits(offer.model, fuller.inputs):
        fuller = await presenter.completed(replace(fuller, model=None, options={}, menu=""), offers)
    if fuller.model is not None:
        await go_on(presenter, draft, fuller, offers, ask=True)


def _takes(offers: Market, order: OrderDraft, count: int) -> bool:
    """Whether an edit of so many pictures of one's own is on sale."""
    return any(o.available and o.model.kind is order.kind and o.model.inputs.maximum >= count for o in offers.offers)
