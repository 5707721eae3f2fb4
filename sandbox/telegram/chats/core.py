"""The emulated Telegram in one object: state, queues and limits, and the ways a message comes to be and changes."""

import time
from collections.abc import Callable

from sandbox.telegram.chats.callbacks import Callbacks
from sandbox.telegram.chats.drafts import Drafts
from sandbox.telegram.chats.events import EventFeed
from sandbox.telegram.chats.files import FileStore, InputFiles
from sandbox.telegram.chats.model import Chat, Json, Message
from sandbox.telegram.chats.store import Store
from sandbox.telegram.control.config import Config
from sandbox.telegram.control.faults import CallLog, Faults
from sandbox.telegram.inline.queries import Inline
from sandbox.telegram.wire.errors import ApiError
from sandbox.telegram.wire.limits import FloodControl
from sandbox.telegram.wire.render import render_content, render_for_client, render_message
from sandbox.telegram.wire.updates import UpdateQueue
from sandbox.telegram.wire.webhook import Webhook


class Core:
    """Everything a Bot API method or a client route works on; one event loop, no locks: state changes never await."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self.config = config
        self.clock = clock
        self.store = Store(config)
        self.updates = UpdateQueue()
        self.webhook = Webhook(config, self.updates)
        self.events = EventFeed()
        self.flood = FloodControl(config.limits, clock)
        self.faults = Faults()
        self.calls = CallLog()
        self.files = FileStore(config)
        self.drafts = Drafts(clock)
        self.callbacks = Callbacks(lambda: self.config.callback_ttl, clock)
        self.inline = Inline(config, clock)
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.profile_photo: bytes | None = None
        self.menu_button: Json = {"type": "commands"}
        self._inputs: InputFiles | None = None

    @property
    def inputs(self) -> InputFiles:
        """Resolver of a bot's input files; there while the server runs."""
        if self._inputs is None:
            raise RuntimeError("the server is not started")
        return self._inputs

    @inputs.setter
    def inputs(self, inputs: InputFiles) -> None:
        self._inputs = inputs

    def announce(self, kind: str, message: Message, **details: object) -> None:
        """Tells the clients that a message is new, edited, deleted or got a reaction."""
        message.seq = self.events.next_seq()
        view = render_for_client(self.store, message)
        if message.only is not None:
            details["only"] = message.only
        self.events.add(kind, message.chat_id, message_id=message.message_id, view=view, **details)

    def publish(self, message: Message) -> Message:
        """Announces a message that was just added to its chat."""
        self.announce("new", message)
        return message

    def begin_edit(self, message: Message) -> None:
        """Keeps the version that is about to be replaced."""
        version = render_content(self.store, message)
        message.history.append({"time": time.time(), **version})

    def end_edit(self, message: Message) -> None:
        """Stamps and announces a changed message."""
        message.edit_date = int(time.time())
        self.announce("edited", message)

    def delete(self, message: Message) -> None:
        """Deletes a message for everybody; its last version stays readable for the client side."""
        message.deleted = True
        self.announce("deleted", message)

    def end_draft(self, chat_id: int) -> None:
        """Takes away what the bot was writing, and tells so."""
        if self.drafts.end(chat_id):
            self.events.add("draft", chat_id, draft=None)

    def render(self, message: Message) -> Json:
        """The Message object of the Bot API."""
        return render_message(self.store, message)

    def flood_check(self, method: str, chat: Chat | None, cost: int) -> int:
        """Seconds to wait before this counted call is allowed; 0 books it."""
        group = chat is not None and not chat.is_private
        return self.flood.check(chat.id if chat else None, group=group, cost=cost)

    def chat_or_none(self, reference: object) -> Chat | None:
        """The chat of a reference, None when there is none."""
        try:
            return self.store.chat(reference)
        except ApiError:
            return None
