"""A pause in words, for the page of a provider: why, since when, which models, and how they come back."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.engine.catalog.pauses import BAD_KEY, UNKNOWN_MODEL, Pause
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.screen import HEIGHT, height

MODELS: Final = 12
"""Models of a pause told by name."""
NAMES: Final = 80
PAUSES: Final = 4
"""Pauses of one provider told at length."""


def bounded(build: Callable[[int], Html]) -> Html:
    """The longest text that fits one screen; `build` is told how many pauses of a provider may be told."""
    for most in range(PAUSES, 0, -1):
        if height(text := build(most)) <= HEIGHT:
            return text
    return build(0)


def pauses_lines(ctx: Context, t: Speech, found: Sequence[Pause], moment: float, most: int) -> list[Html]:
    """The first pauses of a provider, and how many there are beside."""
    told = [pause_lines(ctx, t, pause, moment) for pause in found[:most]]
    return [*told, t("admin-more", count=len(found) - most)] if len(found) > most else told


def pause_lines(ctx: Context, t: Speech, pause: Pause, moment: float) -> Html:
    hit = [m for m in ctx.shop.models if pause.concerns(m)]
    names = one_line(", ".join(t.title(model.title) for model in hit[:MODELS]), NAMES)
    reason = t("admin-pause", reason=pause.kind, since=t.moment(pause.since), models=names)
    if pause.kind == BAD_KEY:
        back = t("admin-pause-ping")
    elif pause.kind == UNKNOWN_MODEL:
        back = t("providers-unknown-model", slug=pause.slug)
    elif pause.probe_job is not None:
        back = t("admin-pause-probing", job=pause.probe_job)
    elif pause.probe_at is None or pause.open_for_probe(moment):
        back = t("admin-pause-open")
    else:
        back = t("admin-pause-wait", time=t.duration(pause.probe_at - moment))
    return lines([reason, back])
