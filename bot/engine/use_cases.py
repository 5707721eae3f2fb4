"""What may be asked of the product, whoever asks: a chat, a command line, a web page, a payment service.

A use case takes an actor and plain values, does its one transaction, raises typed refusals (bot.domain.errors) and
knows no chat. Where an update of Telegram asked for it (`inbox.current`), that transaction marks the update handled.
"""

from dataclasses import dataclass
from typing import Self

from bot.engine.accounts.group_settings import GroupSettings
from bot.engine.accounts.people import People
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.dialogs.cooldowns import Cooldowns
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases over one database, by capability."""

    cooldowns: Cooldowns
    groups: GroupSettings
    people: People
    settings: PersonalSettings

    @classmethod
    def over(cls, db: Database) -> Self:
        """Built once per process."""
        return cls(
            cooldowns=Cooldowns(db),
            groups=GroupSettings(db),
            people=People(db),
            settings=PersonalSettings(db),
        )
