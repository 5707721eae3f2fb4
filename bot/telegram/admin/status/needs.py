"""What needs the operator: what is wrong, and the next step, the most urgent first. Everything else is on a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.engine.catalog.pauses import BAD_KEY, CIRCUIT, NOT_PERMITTED, OUT_OF_FUNDS, UNKNOWN_MODEL, Pause
from bot.engine.operations.overview import Figures
from bot.telegram.context.context import Context
from bot.telegram.context.staging import Trouble
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.ui.clip import NAME, one_line

ORDER: Final = (BAD_KEY, OUT_OF_FUNDS, NOT_PERMITTED, UNKNOWN_MODEL, CIRCUIT)
"""Faults of a service, the most urgent first. A circuit closes by itself and comes last."""
MODELS: Final = 3
"""Models of a fault told by name."""
MANY: Final = 200
"""Updates that wait at Telegram from which on the bot does not keep up."""
TITLE: Final = 24
DETAIL: Final = 80


@dataclass(frozen=True, slots=True)
class State:
    """What /status is told from."""

    figures: Figures
    pauses: tuple[Pause, ...]
    pending: int | None
    """Updates that Telegram still keeps; None: it did not say."""
    sold: int = 0
    """Models that can be ordered now."""
    modes: tuple[str, ...] = ()
    """What is said of the modes that BotFather has off."""


def needs(ctx: Context, t: Speech, state: State) -> list[Html]:
    """Each with its next step; none where all is well."""
    return [*_books(t, state.figures), *_of_services(ctx, t, state), *_of_settings(ctx, t), *_of_orders(t, state)]


def _books(t: Speech, figures: Figures) -> Iterator[Html]:
    if figures.unproved_since is not None:
        yield t("status-need-books", since=t.duration(figures.moment - figures.unproved_since))


def _of_services(ctx: Context, t: Speech, state: State) -> Iterator[Html]:
    if not state.sold:
        yield t("status-need-shop")
    for kind in ORDER:
        for name in ctx.shop.catalog.terms:
            found = [pause for pause in state.pauses if (pause.provider, pause.kind) == (name, kind)]
            if found and ctx.shop.has_key(name) and not ctx.shop.provider_off(name):
                yield _fault(ctx, t, found, state.figures.moment)


def _fault(ctx: Context, t: Speech, found: Sequence[Pause], moment: float) -> Html:
    pause = found[0]
    terms = ctx.shop.catalog.terms[pause.provider]
    title = one_line(terms.title, TITLE)
    if pause.kind == BAD_KEY:
        return t("status-need-key", provider=title, setting=f"{pause.provider.upper()}_API_KEY")
    if pause.kind == OUT_OF_FUNDS:
        return t("status-need-funds", provider=title)
    if pause.kind == CIRCUIT:
        return t("status-need-circuit", provider=title, back=_back(t, pause, moment))
    hit = [m for m in ctx.shop.models if any(each.concerns(m) for each in found)]
    slugs = [each.slug for each in found if each.slug]
    names = [one_line(t.title(m.title), TITLE) for m in hit] or slugs
    told = ", ".join(names[:MODELS]) + (" …" if len(names) > MODELS else "")
    slug = next((m.slug for m in hit), slugs[0] if slugs else "")
    return t(f"status-need-{pause.kind}", provider=title, models=told, slug=one_line(slug, NAME))


def _back(t: Speech, pause: Pause, moment: float) -> str:
    """When the next order is let through to see."""
    if pause.probe_at is None or pause.probe_job is not None or pause.open_for_probe(moment):
        return t.plain("status-back-now")
    return t.plain("status-back-in", wait=t.duration(pause.probe_at - moment))


def _of_settings(ctx: Context, t: Speech) -> Iterator[Html]:
    if ctx.options.private_result_hosts:
        yield t("status-need-hosts")
    if ctx.safety.words.problem:
        yield t("status-need-words", problem=one_line(ctx.safety.words.problem, DETAIL))
    if ctx.staging.trouble is Trouble.REFUSED:
        yield t("status-need-staging", detail=one_line(ctx.staging.detail, DETAIL))
    if ctx.feedback.missed:
        yield t("status-need-feedback", count=ctx.feedback.missed)


def _of_orders(t: Speech, state: State) -> Iterator[Html]:
    figures = state.figures
    if state.pending is not None and state.pending >= MANY:
        yield t("status-need-updates", count=state.pending)
    if figures.new_ends:
        yield t("status-need-ends", count=figures.new_ends)
    for each in figures.costly:
        yield t("status-need-costly", name=one_line(each.name, NAME // 2), id=str(each.user_id), count=each.count)
