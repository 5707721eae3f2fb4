"""What /status tells of the operator's own rules: words, limits, banned people."""

from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.clip import one_line

PROBLEM = 300


def guard_lines(ctx: Context, t: Speech, banned: int) -> Html:
    """`banned`: how many people."""
    words = ctx.safety.words
    told = [t("guard-title"), t("guard-words", count=words.count, refused=words.refused), t("guard-bans", count=banned)]
    if words.problem:
        told.append(t("guard-words-problem", problem=one_line(words.problem, PROBLEM)))
    return lines(told)
