"""What the page knows besides messages: the bot's profile, all people and chats, and how fast time runs."""

from sandbox.services import Services
from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Chat, Json
from sandbox.telegram.control.routes_control import profile_of

PRESENT = frozenset({"creator", "administrator", "member", "restricted"})


def is_in(chat: Chat, user_id: int) -> bool:
    """Whether that person sees what happens in the chat now."""
    return chat.id == user_id if chat.is_private else chat.members.get(user_id) in PRESENT


def show_world(core: Core, services: Services | None) -> Json:
    """{"bot", "people", "chats", "last_event", "speed", "guest"}; `speed` multiplies the services' durations, None
    where there are none."""
    bot = core.store.bot
    people = [user for user in core.store.users.values() if user.id in core.store.chats]
    return {
        "bot": {"id": bot.id, "first_name": bot.first_name, "username": bot.username, **profile_of(core)},
        "people": [
            {
                "id": user.id,
                "first_name": user.first_name,
                "username": user.username,
                "language_code": user.language_code,
                "blocked": user.blocked,
                "started": user.started,
            }
            for user in people
        ],
        "chats": [_show_chat(core, chat) for chat in core.store.chats.values()],
        "last_event": core.events.last,
        "speed": services.ai_now.state.scale if services is not None else None,
        "guest": core.config.guest,
    }


def _show_chat(core: Core, chat: Chat) -> Json:
    bot_id = core.store.bot.id
    members = {str(user): status for user, status in chat.members.items() if user != bot_id}
    if chat.is_private:
        user = core.store.users[chat.id]
        members, bot, title = {str(chat.id): "member"}, "kicked" if user.blocked else "member", user.first_name
    else:
        bot, title = chat.members.get(bot_id, "left"), chat.title or ""
    return {
        "id": chat.id,
        "type": chat.type,
        "title": title,
        "is_forum": chat.is_forum,
        "topics": {str(topic): name for topic, name in chat.topics.items()},
        "closed": sorted(chat.closed),
        "members": members,
        "bot": bot,
        "deleted": chat.deleted,
        "migrated_to": chat.migrated_to,
        "menu_button": chat.menu_button,
    }
