"""Whether the operator's files can be used: catalogue, templates, languages, words, texts of the law. All that is wrong
is told at once, before a database is opened or Telegram is asked."""

from collections.abc import Callable

from bot.engine.catalog.file import CatalogError
from bot.settings import Settings, SettingsError
from bot.telegram.i18n.texts import Texts, TextsError
from bot.wiring.catalog import catalog_of, provider_configs, templates_of
from bot.wiring.safety import legal_of, words_of

Check = Callable[[], object]


def check_files(settings: Settings) -> None:
    """Raises SettingsError with everything that is wrong in the files that the settings name."""
    languages: tuple[str, ...] = ()

    def texts() -> None:
        nonlocal languages
        languages = Texts(default=settings.default_language, more=settings.locales_dir).languages

    checks: list[Check] = [
        texts,
        lambda: catalog_of(settings),
        lambda: provider_configs(settings),
        lambda: templates_of(settings),
        lambda: words_of(settings),
        lambda: legal_of(settings, languages),
    ]
    faults = list(dict.fromkeys(filter(None, map(_fault, checks))))
    if faults:
        raise SettingsError("\n".join(faults))


def _fault(check: Check) -> str:
    try:
        check()
    except TextsError as error:
        return f"Easel cannot start. DEFAULT_LANGUAGE or LOCALES_DIR cannot be used: {error}"
    except (CatalogError, SettingsError) as error:
        return str(error)
    return ""
