"""How many orders are taken: from one person, from all together, and from people who only have free credits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bot.domain.catalog.models import Model, OptionType
from bot.domain.jobs import Order
from bot.domain.limits.admission import Banned, TooManyNewOrders, TooManyOrders
from bot.engine.accounts import bans
from bot.engine.jobs.wordlist import WordList
from bot.ledger.statement import topped_up
from bot.storage.clock import now
from bot.storage.sql import Sql

MINUTE: Final = 60.0
DAY: Final = 24 * 3600.0

_OF_ACCOUNT = Sql(
    "SELECT created_at FROM jobs WHERE account_id = ? AND created_at > ? AND created_at <= ?"
    " ORDER BY created_at DESC LIMIT 1 OFFSET ?"
)
_OF_ALL = Sql(
    "SELECT created_at FROM jobs WHERE created_at > ? AND created_at <= ? ORDER BY created_at DESC LIMIT 1 OFFSET ?"
)
_COSTLY = Sql(
    "SELECT created_at FROM jobs WHERE account_id = ? AND created_at > ? AND created_at <= ?"
    " AND (costly_end OR state NOT IN ('failed','cancelled')) ORDER BY created_at DESC LIMIT 1 OFFSET ?"
)
# Orders with a time that lies ahead were made before the clock was set back: they limit none until it has caught up.


@dataclass(frozen=True, slots=True)
class Pace:
    """The operator's limits on the number of orders; 0: none. `exempt` are Telegram ids of admins."""

    orders_per_minute: int = 0
    all_orders_per_minute: int = 0
    new_user_orders_per_day: int = 0
    exempt: frozenset[int] = frozenset()


NO_LIMITS: Final = Pace()


def admit(conn: Connection, order: Order, model: Model, pace: Pace, words: WordList) -> None:
    """Raises Banned, Blocked, TooManyOrders, TooManyNewOrders. Orders of one account must come one after the other;
    those of different accounts at the same moment may go a little beyond the limit of all.
    """
    exempt = order.user_id in pace.exempt
    if not exempt and bans.banned(conn, order.user_id):
        raise Banned
    words.check(model.kind, texts_of(order, model))
    if not exempt:
        _in_time(conn, order.account_id, pace)


def texts_of(order: Order, model: Model) -> Iterable[str]:
    """What the person wrote: the prompt, and options that are text."""
    typed = {option.name for option in model.options if option.type is OptionType.TEXT}
    return [order.prompt, *(value for name, value in order.options.items() if name in typed)]


def _in_time(conn: Connection, account_id: int, pace: Pace) -> None:
    moment = now(conn)
    if limit := pace.orders_per_minute:
        last = _OF_ACCOUNT.run(conn, account_id, moment - MINUTE, moment, limit - 1).scalar_one_or_none()
        if last is not None:
            raise TooManyOrders(limit, last + MINUTE - moment, everybody=False)
    if limit := pace.all_orders_per_minute:
        last = _OF_ALL.run(conn, moment - MINUTE, moment, limit - 1).scalar_one_or_none()
        if last is not None:
            raise TooManyOrders(limit, last + MINUTE - moment, everybody=True)
    if limit := pace.new_user_orders_per_day:
        last = _COSTLY.run(conn, account_id, moment - DAY, moment, limit - 1).scalar_one_or_none()
        if last is not None and not topped_up(conn, account_id):
            raise TooManyNewOrders(limit, last + DAY - moment)
