"""Who handles what: every router in its order. The first that takes an update keeps it."""

from aiogram import BaseMiddleware, Dispatcher

from bot.telegram import admin
from bot.telegram.account import help as help_pages
from bot.telegram.account import legal, menu, privacy, start
from bot.telegram.chat import from_order
from bot.telegram.chat import handlers as chat
from bot.telegram.chat.voice import handlers as voice
from bot.telegram.context.context import Context
from bot.telegram.groups import membership
from bot.telegram.groups import settings as group_settings
from bot.telegram.history import handlers as history
from bot.telegram.history import show
from bot.telegram.inline import handlers as inline
from bot.telegram.inline import job_buttons as inline_jobs
from bot.telegram.inline import order_buttons as inline_presses
from bot.telegram.inline import start_links as inline_entries
from bot.telegram.jobs.handlers import (
    add_picture,
    cancel,
    delete_result,
    describe,
    job_buttons,
    reply_to_result,
    result_buttons,
    result_more,
)
from bot.telegram.jobs.handlers import list as jobs
from bot.telegram.orders.handlers import command, confirm, models, photos, steps, typed_value, unpayable
from bot.telegram.orders.view.presenter import Presenting
from bot.telegram.settings import handlers as settings
from bot.telegram.settings import presets
from bot.telegram.templates import answers as idea_answers
from bot.telegram.templates import handlers as ideas
from bot.telegram.updates import fallback
from bot.telegram.updates.fast_router import Straight, join_routers
from bot.telegram.updates.middlewares import install


def build_dispatcher(ctx: Context, *first: BaseMiddleware) -> Dispatcher:
    """The dispatcher with its middlewares, `first` before all others. Admin routers come before a person's own, so that
    `/jobs all` is theirs."""
    dispatcher = Straight(disable_fsm=True)
    for middleware in first:
        dispatcher.update.outer_middleware(middleware)
    install(dispatcher, ctx)
    dispatcher.update.outer_middleware(Presenting())
    dispatcher.include_routers(
        join_routers("guard", fallback.build_guard_router()),
        admin.build_router(),
        join_routers(
            "people",
            voice.build_router(),
            inline.build_router(),
            inline_entries.build_router(),
            inline_presses.build_router(),
            inline_jobs.build_router(),
            ideas.build_router(),
            start.build_router(),
            menu.build_router(),
            help_pages.build_router(),
            settings.build_router(),
            presets.build_router(),
            legal.build_router(),
            privacy.build_router(),
            jobs.build_router(),
            cancel.build_router(),
            models.build_router(),
            group_settings.build_router(),
            membership.build_router(),
            chat.build_router(),
            idea_answers.build_router(),
            photos.build_router(),
            command.build_router(),
            confirm.build_router(),
            unpayable.build_router(),
            from_order.build_router(),
            add_picture.build_router(),
            steps.build_router(),
            job_buttons.build_router(),
            result_buttons.build_router(),
            delete_result.build_router(),
            describe.build_router(),
            result_more.build_router(),
            history.build_router(),
            show.build_router(),
            idea_answers.build_text_router(),
            settings.build_text_router(),
            typed_value.build_router(),
            reply_to_result.build_text_router(),
            chat.build_text_router(),
            command.build_text_router(),
            fallback.build_router(),
        ),
    )
    return dispatcher
