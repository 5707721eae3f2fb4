"""A finished result for its owner, and what is to be said beside it: what is lost, and what is given back for that."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from bot.domain.chats import is_private
from bot.domain.jobs import Job, Target
from bot.engine.results.originals import Originals
from bot.telegram.context.context import Context
from bot.telegram.history.resend_results import MEGABYTE, Again, Copy, Way
from bot.telegram.i18n.amounts import credits_text
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.menu_message import requester
from bot.telegram.orders.view.presenter import OrderPresenter

log = structlog.get_logger(__name__)


async def bring(presenter: OrderPresenter, originals: Originals, job: Job, place: Target) -> None:
    """Shows a done job's results at the place, free of charge, and says there what could not be shown and why."""
    ctx, t = presenter.ctx, presenter.t
    try:
        named = replace(job, requester=requester(presenter.person, place.chat_id))
        copies = await Again(ctx, originals, named, place).show()
    except TelegramForbiddenError:
        log.info("again.blocked", job=job.id, chat=place.chat_id)
        return
    except TelegramBadRequest as error:
        log.info("again.refused", job=job.id, chat=place.chat_id, error=error.message[:200])
        await say(presenter, place, t("show-not-here"))
        return
    renewed = {i: copy.renewed for i, copy in enumerate(copies) if copy.renewed is not None}
    if renewed:
        await ctx.engine.renewals.renew(job, renewed)
    said = await _missing(ctx, t, job, place, [copy for copy in copies if copy.way is not Way.NONE])
    if said is not None:
        await say(presenter, place, said)


async def _missing(ctx: Context, t: Speech, job: Job, place: Target, copies: Sequence[Copy]) -> Html | None:
    """What to say of results that did not come. When none is kept anywhere, the price goes back, once."""
    gone = sum(copy.way is Way.LOST for copy in copies)
    if any(copy.way is Way.LATER for copy in copies):
        refunded = await ctx.engine.renewals.refunded(job)
        return t("show-lost-before") if refunded else t("show-later", id=job.id)
    if not gone:
        return _unshown(ctx, t, copies)
    if gone < len(copies):
        return t("show-some-lost", count=gone)
    amount = await ctx.engine.renewals.pay_back(job)
    if amount is None:
        return t("show-lost-before" if job.refunded else "show-lost")
    await ctx.alerts.alert(f"result_lost:{job.id}", "alert-result-lost", job=job.id)
    if is_private(place.chat_id):
        return t("show-lost-refunded", amount=credits_text(t, amount))
    return t("show-lost-refunded-group")


def _unshown(ctx: Context, t: Speech, copies: Sequence[Copy]) -> Html | None:
    """Why there is neither a file nor a link for what is kept somewhere."""
    large = sum(copy.way is Way.LARGE for copy in copies)
    if large:
        limit = ctx.options.upload_limit // MEGABYTE
        return t("show-too-large", count=large, of="one" if len(copies) == 1 else "several", limit=limit)
    refused = sum(copy.way is Way.REFUSED for copy in copies)
    return t("show-refused", count=refused, of="one" if len(copies) == 1 else "several") if refused else None


async def say(presenter: OrderPresenter, place: Target, text: Html) -> None:
    """A sentence for the person alone, where a chat has others in it, too; a refused one is only noted."""
    try:
        await presenter.tell(place, text)
    except TelegramBadRequest as error:
        log.info("again.unsaid", chat=place.chat_id, error=error.message[:200])
