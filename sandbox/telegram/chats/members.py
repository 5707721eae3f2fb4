"""Who is in a group and may do what: the ChatMember objects, changes of them, and the updates that tell of changes."""

import time
from typing import Final

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.model import Chat, Json, User
from sandbox.telegram.wire.errors import bad
from sandbox.telegram.wire.render import render_chat, render_user

STATUSES: Final = frozenset({"creator", "administrator", "member", "restricted", "left", "kicked"})
ADMIN_RIGHTS: Final = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_pin_messages",
)
MEMBER_RIGHTS: Final = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def render_status(user: User, status: str) -> Json:
    """A ChatMember. Who is restricted here may read and nothing else."""
    member: Json = {"user": render_user(user), "status": status}
    match status:
        case "creator":
            member["is_anonymous"] = False
        case "administrator":
            member |= {**dict.fromkeys(ADMIN_RIGHTS, True), "is_anonymous": False}
        case "restricted":
            member |= {**dict.fromkeys(MEMBER_RIGHTS, False), "is_member": True, "until_date": 0}
        case "kicked":
            member["until_date"] = 0
        case _:
            pass
    return member


def render_member(core: Core, chat: Chat, user_id: int) -> Json:
    """The ChatMember of somebody in a group; who was never there has left it."""
    return render_status(core.store.users[user_id], chat.members.get(user_id, "left"))


def set_member(core: Core, chat: Chat, by: int, user_id: int, status: str) -> None:
    """Changes a member's status. The bot learns of its own, and as an administrator of everybody's where it
    asked for such updates."""
    if status not in STATUSES:
        raise bad(f"status must be one of {sorted(STATUSES)}")
    if chat.is_private:
        raise bad("private chats have no members")
    if status == "restricted" and chat.type != "supergroup":
        raise bad("only members of supergroups can be restricted")
    user, old = core.store.user(user_id), chat.members.get(user_id, "left")
    if chat.migrated_to is not None:
        raise bad("the group was upgraded to a supergroup")
    chat.members[user_id] = status
    if old == status:
        return
    if user_id == core.store.bot.id:
        tell_bot(core, chat, core.store.user(by), old, status)
    elif core.store.is_admin(chat, core.store.bot.id):
        _push(core, "chat_member", chat, core.store.user(by), user, old, status)


def tell_bot(core: Core, chat: Chat, by: User, old: str, new: str) -> None:
    """my_chat_member: the bot's own status in a chat."""
    _push(core, "my_chat_member", chat, by, core.store.bot, old, new)


def _push(core: Core, kind: str, chat: Chat, by: User, user: User, old: str, new: str) -> None:
    payload: Json = {
        "chat": render_chat(core.store, chat),
        "from": render_user(by),
        "date": int(time.time()),
        "old_chat_member": render_status(user, old),
        "new_chat_member": render_status(user, new),
    }
    core.updates.push(kind, payload, chat.id)
