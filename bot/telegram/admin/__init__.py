"""The operator's side of the chat: money by hand, people, jobs, the state of things. Exists for ADMIN_IDS only."""

import time

from aiogram import Router

from bot.telegram.admin.access import OperatorMessage, OperatorPress
from bot.telegram.admin.confirm import build_router as confirm_router
from bot.telegram.admin.credits.requests import build_router as asked_router
from bot.telegram.admin.credits.topup import build_router as money_router
from bot.telegram.admin.jobs.buttons import build_router as job_buttons_router
from bot.telegram.admin.jobs.list import build_router as jobs_router
from bot.telegram.admin.jobs.refunds import build_router as refunds_router
from bot.telegram.admin.market.models import build_router as market_router
from bot.telegram.admin.market.providers import build_router as providers_router
from bot.telegram.admin.market.sync import build_router as market_plan_router
from bot.telegram.admin.market.templates import build_router as templates_router
from bot.telegram.admin.status.status import build_router as status_router
from bot.telegram.admin.users.bans import build_router as bans_router
from bot.telegram.admin.users.list import build_router as people_router
from bot.telegram.updates.fast_router import join_routers


def build_router() -> Router:
    """Comes before the users' routers. What a stranger sends passes by untouched and meets what unknown things meet."""
    router = join_routers(
        "admin",
        money_router(),
        confirm_router(),
        refunds_router(),
        asked_router(),
        people_router(),
        jobs_router(),
        job_buttons_router(),
        status_router(started=time.monotonic()),
        providers_router(),
        market_router(),
        market_plan_router(),
        templates_router(),
        bans_router(),
    )
    router.message.filter(OperatorMessage())
    router.callback_query.filter(OperatorPress())
    return router
