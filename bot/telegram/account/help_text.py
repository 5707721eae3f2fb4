"""The pages of /help: one screen that says how to begin, and one for each part, written from what is on sale."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from aiogram.types import InlineKeyboardMarkup

from bot.domain.catalog.models import Kind, Model
from bot.engine.catalog.shop import Offer
from bot.telegram.account.abilities import abilities
from bot.telegram.i18n.texts import Html, Speech
from bot.telegram.orders.view.texts import lines
from bot.telegram.ui.callbacks import MenuAction
from bot.telegram.ui.commands import KINDS, TABLE, Command, Topic
from bot.telegram.ui.keyboards import Rows, button, home_row, in_rows, markup

Page = tuple[Html, InlineKeyboardMarkup]

EXAMPLE_FROM: Final = (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC, Kind.AUDIO, Kind.SOLID, Kind.ASK, Kind.EDIT)
"""The kind whose example the first page shows: the first of these that is sold."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and where. `inline`: the bot's name where orders are taken in other chats, else ""."""

    t: Speech
    offers: Sequence[Offer]
    group: bool = False
    admin: bool = False
    inline: str = ""

    @property
    def sold(self) -> frozenset[Kind]:
        return frozenset(offer.model.kind for offer in self.offers)

    def commands(self, topic: Topic) -> list[Command]:
        """Those of a part that work here, with what is sold."""
        return [
            each
            for each in TABLE
            if each.topic is topic
            and (each.kind is None or each.kind in self.sold)
            and not (self.group and each.private_only)
        ]

    @property
    def topics(self) -> list[Topic]:
        """The parts that concern the reader."""
        hidden = {Topic.OWN} if self.group else set()
        if self.group or not self.admin:
            hidden.add(Topic.ADMIN)
        return [topic for topic in Topic if topic not in hidden and self.commands(topic)]


def help_page(reader: Reader, part: str = "") -> Page:
    """The page of that part; the first page for a part that there is not, or not for this reader."""
    topic = next((each for each in reader.topics if each.value == part), None)
    return _first(reader) if topic is None else _part(reader, topic)


def part_named(reader: Reader, name: str) -> str:
    """The part that is meant by a word behind /help, by its name or the beginning of its title; "" for no part."""
    word = name.strip().casefold()
    titles = {topic.value: reader.t.plain(f"help-tap-{topic.value}").casefold() for topic in reader.topics}
    found = [part for part, title in titles.items() if word in (part, title) or word in title.split()]
    return found[0] if word and found else ""


def _first(reader: Reader) -> Page:
    t, sold = reader.t, reader.sold
    kind = next((each for each in EXAMPLE_FROM if each in sold), None)
    body = [t("help-title"), Html(t("help-does", does=abilities(t, sold)) if sold else t("order-nothing-on-sale"))]
    if kind is not None:
        example = t.plain(f"order-example-{kind.value}")
        begin = t("help-begin-group" if reader.group else "help-begin")
        shown = f"/{kind.value} {example}" if reader.group else example
        body += [Html("\n"), begin, t("help-example", example=shown), Html("\n"), t("help-money")]
    body.append(t("help-who-sees") if reader.group else t("help-more"))
    taps = [button(t.plain(f"help-tap-{each.value}"), MenuAction(act="help", arg=each.value)) for each in reader.topics]
    return _joined(body), markup([*in_rows(taps, 2), *([] if reader.group else [home_row(t)])])


def _part(reader: Reader, topic: Topic) -> Page:
    t, commands = reader.t, reader.commands(topic)
    making = [each for each in commands if each in KINDS]
    others = [each for each in commands if each not in KINDS]
    body = [t("help-heading", title=t.plain(f"help-tap-{topic.value}")), _about(reader, topic)]
    body += [_command(t, each) for each in making]
    body += _between(reader, topic)
    body += [_command(t, each) for each in others]
    if topic is Topic.ADMIN:
        body += [t("help-admin-jobs"), t("help-admin-models")]
    back: Rows = [[button(t.plain("tap-back"), MenuAction(act="help"))]]
    return _joined(body), markup(back)


def _about(reader: Reader, topic: Topic) -> Html:
    """The first words of a part; how an order begins differs in groups."""
    t = reader.t
    match topic:
        case Topic.ORDERS:
            return t("help-about-orders-group" if reader.group else "help-about-orders")
        case Topic.CHAT:
            return t("help-about-chat", example=t.plain("order-example-ask"))
        case Topic.GROUPS:
            kind = next((each for each in EXAMPLE_FROM if each in reader.sold), Kind.IMAGE)
            return t("help-about-groups", command=kind.value, example=t.plain(f"order-example-{kind.value}"))
        case _:
            return t(f"help-about-{topic.value}")


def _between(reader: Reader, topic: Topic) -> list[Html]:
    """What stands between the commands that make something and the others."""
    t = reader.t
    if topic is Topic.GROUPS and reader.inline:
        return [t("inline-help", bot=reader.inline)]
    if topic is not Topic.ORDERS:
        return []
    making = [o.model for o in reader.offers if o.model.kind in (Kind.IMAGE, Kind.VIDEO, Kind.MUSIC)]
    styled = next((m for m in making if any(option.choices for option in m.options)), None)
    return [Html("\n"), t("help-flags", example=_example(t, styled)), Html("\n")] if styled else []


def _command(t: Speech, command: Command) -> Html:
    return t("help-command", command=command.name, what=t(f"command-{command.name}"))


def _example(t: Speech, model: Model) -> str:
    """An order with a choice of the model's, which works as it stands."""
    option = next(o for o in model.options if o.choices)
    value = t.title(option.choices[min(3, len(option.choices) - 1)].title)
    quoted = f'"{value}"' if " " in value else value
    return f"/{model.slug} --{option.name} {quoted} {t.plain(f'order-example-{model.kind.value}')}"


def _joined(parts: Collection[Html]) -> Html:
    """Lines, with an empty one where a part is a line break."""
    return Html(lines(list(parts)).replace("\n\n\n", "\n\n"))
