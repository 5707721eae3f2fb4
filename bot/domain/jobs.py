"""Jobs: one order being carried out. States, legal transitions and the causes of failure, told in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.catalog.models import Kind
from bot.domain.money import Credits


class JobState(StrEnum):
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    DELIVERING = "delivering"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        return self in FINISHED


FINISHED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
LIVE = frozenset(JobState) - FINISHED
CANCELLABLE = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.RUNNING})
UPSTREAM = frozenset({JobState.SUBMITTING, JobState.RUNNING})
"""States in which the provider may be working for us: they count against its concurrency."""


class Cause(StrEnum):
    """Why a job failed, as the user is told. The upstream detail stays in the log and on the job."""

    GENERATION_FAILED = "generation_failed"
    """The provider took it and reported a failure."""
    REFUSED = "refused"
    """The provider's moderation refused the request."""
    UNAVAILABLE = "unavailable"
    """The operator's fault: bad key, no funds, plan without the feature. Users hear "temporarily unavailable"."""
    UNKNOWN_MODEL = "unknown_model"
    """The provider says that it does not know the model. Users hear the same."""
    OPTION_REFUSED = "option_refused"
    """The model does not take one of the options that were set; see REFUSED_OPTION."""
    BUSY = "busy"
    """The provider takes no more orders at this moment (429), or no channel that serves the model (503), and did not
    take this one."""
    UPSTREAM_DOWN = "upstream_down"
    """The provider answered 5xx or could not be reached; nothing is known to have been made."""
    CONNECTION_LOST = "connection_lost"
    """The answer broke off: the stream was cut, stalled or ended before its result."""
    INTERRUPTED = "interrupted"
    """We restarted while the answer was outstanding, and this provider cannot be asked again."""
    BAD_RESULT = "bad_result"
    """The provider said "completed" but gave no usable file."""
    NO_WORDS = "no_words"
    """A chat model ended without a word: its thoughts used the answer up, or it met a stop word at once. What was asked
    can bring it about, so it says nothing of the provider."""
    TIMEOUT = "timeout"
    """The model's longest time passed."""
    WAITED_TOO_LONG = "waited_too_long"
    """Our own queue's limit passed before the order could start."""
    UNDELIVERABLE = "undeliverable"
    """The chat is gone or the bot is blocked, or Telegram refused the result for a day."""
    NOT_SHOWN = "not_shown"
    """Telegram takes the result in no form, and there is no link to it for people."""
    INTERNAL = "internal"
    """A fault of ours."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where we write: a message in a chat, or an inline message, whose chat Telegram does not tell. `message_id` 0:
    no message yet."""

    chat_id: int
    """0 of an inline message."""
    thread_id: int | None
    message_id: int
    inline_id: str = ""
    """Telegram's name of an inline message; "" of any other."""

    @property
    def placed(self) -> bool:
        """Whether there is a message to write into."""
        return bool(self.message_id or self.inline_id)


@dataclass(frozen=True, slots=True)
class Input:
    """A picture that an order works on. Its bytes wait in the blobs table under `blob` until the order needs them."""

    blob: str = ""
    """"" where the provider has the picture itself: then `own` names it there."""
    mime: str = ""
    own: str = ""
    """The provider's own name of the picture (Asset.own of the result it is), for models that work on nothing else."""
    job_id: str = ""
    """The job whose result it is; "" for a photo of the user."""
    index: int = 0
    """Which of that job's results, from 0."""
    provider: str = ""
    """Whose name `own` is: a model that works on its provider's own pictures takes no other's."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the user confirmed. `id` is the id of the confirmed draft and becomes the job's id."""

    id: str
    account_id: int
    user_id: int
    """Telegram id of the requester: only they may press the job's buttons."""
    model: str
    prompt: str
    options: Mapping[str, str]
    quote: Credits
    locale: str
    target: Target
    requester: str = ""
    """Their name, written on the job's message where others read it; "" in private chats."""
    opening: float = 0.0
    """Seconds within which the handler that placed it sends its message; after that a worker does."""
    results: int = 1
    """How many are ordered: when fewer arrive, only their share is charged."""
    inputs: tuple[Input, ...] = ()
    source: str = ""
    """The job of the same person whose words these are, such as of a picture that is set to music; "" for none."""


SOURCE = "made-from"
"""In Job.facts: Order.source."""
CUT = "cut"
"""In Job.facts of a done job: the cause for which the rest of its result could not be shown."""
AWAITED = "file-awaited"
"""In Job.facts of a job that is being delivered: how it stands with a result whose file did not come at once,
WAITED_FOR or SENT."""
WAITED_FOR = "waited-for"
"""It is not here yet, and nothing of the result can stand in the chat: the job can be cancelled."""
SENT = "sent"
"""It came, and is shown since."""
REFUSED_OPTION = "refused_option"
"""In Job.facts: the name of the option that the model does not take."""
BLOB = "blob:"
"""How the address of a result begins whose bytes were put aside in our own database."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One result as the provider gave it: where it can be fetched, or the thing itself."""

    url: str = ""
    """https address, or BLOB + key once bytes were put aside."""
    own: str = ""
    """The provider's own name of it, for edits and deletion there, if it has one. One result belongs to one job."""
    text: str = ""
    """The answer of a chat model; then there is no url."""
    mime: str = ""
    """Of `data`."""
    data: bytes = b""
    """The bytes of a result that came without an address. Never stored with the job: T4 puts them aside."""


NOWHERE = "none"
"""The `media` of one of several results that Telegram takes in no form and that has no link: it is not charged."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A result as Telegram keeps it: `file_id` can be sent again at no cost; empty when it went out as a link."""

    file_id: str
    media: str
    """video, audio, photo, document or link; "" as long as it waits for its turn in an album; NOWHERE."""
    message_id: int = 0
    """Its own message where a job brought several results; 0: the job's message is it."""
    aside: bool = False
    """Telegram keeps the file, or there is a link, but the person's chat does not show it yet."""
    large: bool = False
    """It went out as a link because Telegram takes nothing as large; else Telegram refused the file."""
    cover: str = ""
    """The file_id of a film's cover, which belongs to its message and has to be named each time the film is sent."""

    @property
    def stands(self) -> bool:
        """Whether the person's chat shows it, as itself or as a link: then it is paid for."""
        return self.media not in ("", NOWHERE) and not self.aside


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the jobs table, read. Times are Unix seconds by the database's clock."""

    id: str
    account_id: int
    user_id: int
    provider: str
    model: str
    kind: Kind
    prompt: str
    options: Mapping[str, str]
    quote: Credits
    locale: str
    target: Target
    state: JobState
    owner: str | None
    epoch: int
    attempt: int
    tries: int
    """Sends and deliveries that Telegram put off so far: the backoff grows with it."""
    created_at: float
    submitted_at: float | None
    deadline: float | None
    delivering_at: float | None
    finished_at: float | None
    upstream_ref: str | None
    assets: tuple[Asset, ...]
    cost: str | None
    """Actual upstream cost as a decimal in the provider's unit, where it named one."""
    delivered: tuple[Delivered, ...]
    charged: Credits | None
    refunded: bool
    cause: Cause | None
    detail: str
    """Upstream's own words, for admins and the log only."""
    notice_due: bool
    ready_sent: bool
    ordered: int = 1
    """How many results the quote is for."""
    inputs: tuple[Input, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the provider told beside the result: "seed", and "warning" for admins."""
    favourite: bool = False

    requester: str = ""
    """Who pays, by name, where others read it; "" in private chats."""

    @property
    def cancellable(self) -> bool:
        """Whether it can be cancelled: nothing is made of it yet, or what was made is waited for."""
        return self.state in CANCELLABLE or self.awaited

    @property
    def paid_upstream(self) -> bool:
        """Whether the operator pays for it already, as far as is known, though nothing of it stands in the chat."""
        return self.state in UPSTREAM or self.awaited

    @property
    def awaited(self) -> bool:
        """Whether the provider is done and the file of its result is not here yet."""
        return self.state is JobState.DELIVERING and self.facts.get(AWAITED) == WAITED_FOR

    @property
    def forgotten(self) -> bool:
        """Whether its person had everything about them erased: their account has no owner."""
        return self.user_id == 0

    @property
    def refundable(self) -> bool:
        """Whether something was taken and not given back yet. The ledger decides again."""
        return bool(self.charged) and not self.refunded and not self.forgotten

    @property
    def shown(self) -> int:
        """How many results stand in the chat, as themselves or as a link."""
        return sum(each.stands for each in self.delivered)

    @property
    def elapsed(self) -> float:
        """Seconds from the confirmation to the end, 0 while unfinished."""
        return (self.finished_at - self.created_at) if self.finished_at is not None else 0.0


def several(job: Job) -> bool:
    """Whether the job brought more than one result."""
    return len(job.assets) > 1
