"""The only reader of the environment: every setting with its bounds, checked at the start, told as a list of fixes."""

from bot.settings.faults import SettingsError
from bot.settings.load import load_settings, strange_names
from bot.settings.model import Settings
from bot.settings.providers import ProviderSettings

__all__ = ["ProviderSettings", "Settings", "SettingsError", "load_settings", "strange_names"]
