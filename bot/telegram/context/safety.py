"""What keeps the bot usable for all users, in one bundle for the handlers; without settings nothing is restricted."""

from dataclasses import dataclass, field

from bot.engine.accounts.bans import Bans
from bot.engine.accounts.welcome_credits import Welcome
from bot.engine.jobs.admission import Pace
from bot.engine.jobs.wordlist import WordList
from bot.telegram.context.legal_texts import Legal
from bot.telegram.context.throttle import Heard, Throttle


@dataclass(frozen=True, slots=True)
class Safety:
    """Built by wiring/safety.py; the words are those that the engine checks too."""

    words: WordList = field(default_factory=WordList)
    throttle: Throttle = field(default_factory=Throttle)
    typing: Throttle = field(default_factory=Throttle)
    """The throttle of what is typed behind the bot's name: every few letters are an update, and must not use up the
    person's own."""
    heard: Heard = field(default_factory=Heard)
    legal: Legal = field(default_factory=Legal)
    pace: Pace = field(default_factory=Pace)
    welcome: Welcome | None = None
    """None: the amount of BotOptions, for every user."""
    bans: Bans | None = None
    """None: no bans are looked up here; the engine still refuses orders of banned people."""
    key: bytes = b"without settings"
    """The key of the hashes that stand for erased users."""
