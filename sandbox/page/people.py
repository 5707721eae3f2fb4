"""Who is there before the first person comes: three people, and a chat of each kind."""

from dataclasses import dataclass

from sandbox.telegram.chats.core import Core
from sandbox.telegram.chats.members import set_member
from sandbox.telegram.chats.model import Chat, User
from sandbox.telegram.chats.topics import open_topic

ADMIN_ID = 1_000_003
TOPICS = ("Pictures", "Videos")


@dataclass(frozen=True, slots=True)
class Furnished:
    """`outside` is a chat of which the bot is no member."""

    ann: User
    bob: User
    olga: User
    group: Chat
    forum: Chat
    outside: Chat


def furnish(core: Core, admin_id: int = ADMIN_ID) -> Furnished:
    """Adds Ann, Bob and Olga (she has `admin_id`), a group, a forum with two topics and a chat without the bot. The
    bot hears of the groups as it hears of any: it was added to them. For a core in which none of these are yet."""
    olga = core.store.add_user(User(admin_id, "Olga", "olga", "en"))
    ann = core.store.add_user(User(0, "Ann", "ann", "en"))
    bob = core.store.add_user(User(0, "Bob", "bob", "ru"))
    group = core.store.add_group("Friends", "supergroup", [ann.id, bob.id, olga.id], bot="left")
    forum = core.store.add_group("Studio", "supergroup", [ann.id, bob.id, olga.id], is_forum=True, bot="left")
    for chat in (group, forum):
        set_member(core, chat, ann.id, core.store.bot.id, "member")
    for topic in TOPICS:
        open_topic(core, forum, ann.id, topic)
    outside = core.store.add_group("Book club", "supergroup", [bob.id, ann.id], bot="left")
    return Furnished(ann, bob, olga, group, forum, outside)
