"""From settings to what keeps the bot usable for all users: words, limits, texts of the law."""

from pathlib import Path

from bot.domain.limits.blocklist import WordListError
from bot.domain.money import from_decimal
from bot.engine.accounts.bans import Bans
from bot.engine.accounts.welcome_credits import Welcome, derived_key
from bot.engine.jobs.admission import Pace
from bot.engine.jobs.wordlist import WordList
from bot.settings import Settings, SettingsError
from bot.storage.database import Database
from bot.telegram.context.legal_texts import BadText, Legal, read_texts
from bot.telegram.context.safety import Safety
from bot.telegram.context.throttle import Throttle
from bot.telegram.i18n.texts import Html


def safety_of(settings: Settings, db: Database, languages: tuple[str, ...]) -> Safety:
    """Reads the operator's files. Raises SettingsError with what is wrong in them."""
    key = derived_key(settings.forget_secret.get_secret_value(), settings.bot_token.get_secret_value())
    return Safety(
        words=words_of(settings),
        throttle=Throttle(settings.updates_per_minute),
        typing=Throttle(settings.updates_per_minute),
        legal=legal_of(settings, languages),
        pace=Pace(
            orders_per_minute=settings.orders_per_minute,
            all_orders_per_minute=settings.all_orders_per_minute,
            new_user_orders_per_day=settings.new_user_orders_per_day,
            exempt=frozenset(settings.admin_ids),
        ),
        welcome=Welcome(from_decimal(settings.welcome_credits), settings.welcome_per_hour, key),
        bans=Bans(db),
        key=key,
    )


def words_of(settings: Settings) -> WordList:
    """The operator's list of words. Raises SettingsError."""
    path = settings.blocked_words_file
    try:
        return WordList(path)
    except WordListError as error:
        raise SettingsError(f"Easel cannot start. BLOCKED_WORDS_FILE {path} cannot be used:\n{error}") from None


def legal_of(settings: Settings, languages: tuple[str, ...]) -> Legal:
    """The operator's texts of /terms and /privacy. Raises SettingsError."""
    return Legal(
        _texts("TERMS_FILE", settings.terms_file, languages),
        _texts("PRIVACY_FILE", settings.privacy_file, languages),
    )


def _texts(name: str, path: Path | None, languages: tuple[str, ...]) -> dict[str, Html]:
    try:
        return read_texts(path, languages)
    except BadText as error:
        raise SettingsError(f"Easel cannot start. {name} cannot be used:\n  - {error}") from None
