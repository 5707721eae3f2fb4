"""`.env.example`, written from the settings' declarations: `make env-example`."""

import ast
import inspect
import sys
import textwrap
from typing import Any, Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.providers.registry import FACTORIES
from bot.settings import ProviderSettings, Settings

WIDTH: Final = 118
HEAD: Final = """\
# Every setting of Easel. Copy this file to .env and fill in what you need; an empty value counts as not set.
# Only BOT_TOKEN is required; without a provider's key its models are not offered.
# Written by `make env-example` from bot/settings/model.py: change the words there.
"""
SECTIONS: Final = {
    "bot_token": "Telegram",
    "database_url": "Storage",
    "default_language": "Languages",
    "welcome_credits": "Money",
    "blocked_words_file": "Safety",
    "active_jobs_per_user": "Jobs",
    "ai_now_api_key": "Provider: AI-Now",
    "neuroartist_api_key": "Provider: NeuroArtist",
    "naive_api_key": "Provider: Naive",
    "neuroapi_api_key": "Provider: NeuroAPI",
    "neuroflash_api_key": "Provider: neuroflash",
    "providers_proxy": "All providers, and what is sold",
    "public_url": "Pictures and chat",
    "probe_after_seconds": "When a provider refuses",
    "webhook_url": "Web server",
    "log_level": "Logs",
}
"""By the first setting of each."""


def described(model: type[BaseSettings]) -> dict[str, str]:
    """What the docstring under each setting says, in the order in which they are declared; "" where there is none."""
    (declared,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(declared, ast.ClassDef)
    found: dict[str, str] = {}
    for node, after in zip(declared.body, [*declared.body[1:], None], strict=True):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id in model.model_fields
        ):
            words = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            found[node.target.id] = " ".join(str(words).split())
    return found


def example() -> str:
    """The whole file: every setting under its description, set to its default."""
    lines = [HEAD.rstrip()]
    for name, words in described(Settings).items():
        if name == "providers_proxy":
            lines += _further_providers()
        if name in SECTIONS:
            lines += _section(SECTIONS[name])
        lines += _setting(name, words, Settings.model_fields[name].default)
    return "\n".join(lines) + "\n"


def _further_providers() -> list[str]:
    """The providers of the registry that have no fields in Settings: all of them have the same settings."""
    lines: list[str] = []
    for provider in (name for name in FACTORIES if f"{name}_api_key" not in Settings.model_fields):
        lines += _section(f"Provider: {provider}")
        for name, words in described(ProviderSettings).items():
            lines += _setting(f"{provider}_{name}", words, ProviderSettings.model_fields[name].default)
    return lines


def _section(title: str) -> list[str]:
    return ["", f"# --- {title} ".ljust(WIDTH, "-")]


def _setting(name: str, words: str, default: Any) -> list[str]:
    comment = textwrap.wrap(words, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
    return [*comment, f"{name.upper()}={_text(default)}"]


def _text(default: Any) -> str:
    """A default as it is written in the file; nothing for one that is empty, or that there is none."""
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default in (None, (), SecretStr("")) or repr(default) == "PydanticUndefined" else str(default)


if __name__ == "__main__":
    sys.stdout.write(example())
