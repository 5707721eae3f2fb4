"""/template: an operator's own result becomes the example of a ready-made idea, or is its example no more."""

from collections.abc import Mapping, Sequence
from typing import Final

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.catalog.templates import KINDS, Template
from bot.domain.orders.matching import Hit, Missing, match
from bot.engine.templates.examples import NoExample
from bot.telegram.admin.access import acts
from bot.telegram.admin.command_forms import GIVEN
from bot.telegram.admin.replies import AdminReplies
from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import AdminAction
from bot.telegram.ui.clip import one_line
from bot.telegram.ui.commands import is_command
from bot.telegram.ui.keyboards import markup
from bot.telegram.ui.paging import Page, turn_row, wanted
from bot.telegram.ui.screen import screens

TOGETHER: Final = 6
"""Names of a kind that are never parted by the end of a page."""


def build_router() -> Router:
    router = Router(name="admin-templates")
    router.message.register(template_command, is_command("template"))
    router.callback_query.register(templates_page, AdminAction.filter(), acts("templates"))
    return router


async def template_command(
    message: Message, command: CommandObject, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    """`/template`: all of them; in a reply to a result `/template <slug>`; `/template <slug> off`."""
    typed, _, rest = (command.args or "").strip().partition(" ")
    if not typed:
        await replies.answer(message, *await _all(ctx, t, 0))
        return
    found = match(typed, [(slug, (slug, *each.title.by_language.values())) for slug, each in ctx.templates.items()])
    if not isinstance(found, Hit):
        near = ", ".join(found.nearest if isinstance(found, Missing) else found.keys)
        said = t("template-unknown", given=one_line(typed, GIVEN))
        await replies.answer(message, lines([said, t("template-nearest", slugs=near) if near else t("template-form")]))
        return
    template = ctx.templates[found.key]
    match rest.strip().lower():
        case "":
            said = await _set(message, ctx, t, replies, template)
        case "off":
            removed = await ctx.engine.template_examples.remove(template.slug)
            said = t("template-removed" if removed else "template-had-none", title=t.title(template.title))
        case _:
            said = t("template-form")
    await replies.answer(message, said)


async def _set(message: Message, ctx: Context, t: Speech, replies: AdminReplies, template: Template) -> Html:
    """What became of it, in a sentence."""
    replied, person = message.reply_to_message, replies.person
    if replied is None:
        return lines([t("template-no-reply", title=t.title(template.title)), t("template-form")])
    result = await ctx.engine.jobs.result_at(person.account_id, message.chat.id, replied.message_id)
    if result is None:
        return t("template-no-result")
    try:
        await ctx.engine.template_examples.set(person, template, *result)
    except NoExample as error:
        kind = t.plain(f"order-kind-{template.kind.value}")
        return t(f"template-{error.why}", title=t.title(template.title), kind=kind)
    return t("template-set", title=t.title(template.title), slug=template.slug)


async def templates_page(
    query: CallbackQuery, callback_data: AdminAction, ctx: Context, t: Speech, replies: AdminReplies
) -> None:
    await replies.answer_callback(query)
    await replies.show(query, *await _all(ctx, t, wanted(callback_data.arg)))


async def _all(ctx: Context, t: Speech, number: int) -> tuple[Html, InlineKeyboardMarkup]:
    """A page of the slugs by kind; ★ has an example, ☆ had one that is gone."""
    examples = await ctx.engine.template_examples.all()
    pages = screens(_blocks(t, ctx.templates, examples), lambda shown: _text(t, shown))
    at = min(number, len(pages) - 1)
    return _text(t, pages[at]), markup(turn_row(Page(at, at + 1 < len(pages), len(pages)), "templates"))


def _text(t: Speech, shown: Sequence[Html]) -> Html:
    return lines([t("template-form"), *shown, t("template-marks")])


def _blocks(t: Speech, templates: Mapping[str, Template], examples: Mapping[str, bool]) -> list[Html]:
    told = []
    for kind in KINDS:
        slugs = [_marked(each.slug, examples) for each in templates.values() if each.kind is kind]
        for first in range(0, len(slugs), TOGETHER):
            listed = Html(", ".join(slugs[first : first + TOGETHER]))
            told.append(t("template-list", kind=t.plain(f"order-kind-{kind.value}"), slugs=listed))
    return told


def _marked(slug: str, examples: Mapping[str, bool]) -> str:
    mark = "" if slug not in examples else "★ " if examples[slug] else "☆ "
    return f"{mark}<code>{slug}</code>"
