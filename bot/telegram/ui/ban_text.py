"""What people are told who may not use the bot."""

from bot.telegram.context.context import Context
from bot.telegram.i18n.texts import Html, Speech


def banned_text(ctx: Context, t: Speech) -> Html:
    """One sentence that says so, and whom to write to."""
    contact = ctx.options.topup_contact.strip()
    return t("safety-banned-contact", contact=contact) if contact else t("safety-banned")
