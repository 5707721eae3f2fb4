"""What may be asked of the product by any caller: a chat, a command line, a web page, a payment service.

A use case takes an actor and plain values, does its one transaction, raises typed refusals (bot.domain.errors) and
knows no chat. Where an update of Telegram asked for it (`inbox.current`), that transaction marks the update handled.
"""

from dataclasses import dataclass
from typing import Self

from bot.engine.accounts.moderation import Moderation
from bot.engine.accounts.people import People
from bot.engine.accounts.personal_settings import PersonalSettings
from bot.engine.credits.adjustments import Adjustments
from bot.engine.credits.books import Books
from bot.engine.credits.notices import DueNotices
from bot.engine.credits.requests import CreditRequests
from bot.engine.credits.wallet import Wallets
from bot.engine.dialogs.confirmations import Confirmations
from bot.engine.dialogs.cooldowns import Cooldowns
from bot.engine.dialogs.expiring_messages import ExpiringMessages
from bot.engine.groups.migration import GroupMigrations
from bot.engine.groups.settings import GroupSettings
from bot.engine.jobs.records import JobRecords
from bot.engine.jobs.refunds import Refunds
from bot.engine.operations.overview import Overview
from bot.engine.orders.cards import Cards
from bot.engine.orders.conversations import Conversations
from bot.engine.orders.order_drafts import OrderDrafts
from bot.engine.orders.own_jobs import OwnJobs
from bot.engine.orders.voices import Voices
from bot.engine.orders.waiting_orders import WaitingOrders
from bot.engine.privacy.erasure_requests import ErasureRequests
from bot.engine.privacy.export import Exports
from bot.engine.results.library import Library
from bot.engine.results.renewal import Renewals
from bot.engine.results.shows import Shows
from bot.engine.templates.answers import TemplateAnswers
from bot.engine.templates.examples import TemplateExamples
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases over one database, by capability."""

    adjustments: Adjustments
    books: Books
    cards: Cards
    confirmations: Confirmations
    conversations: Conversations
    cooldowns: Cooldowns
    credit_requests: CreditRequests
    drafts: OrderDrafts
    due_notices: DueNotices
    erasure_requests: ErasureRequests
    expiring: ExpiringMessages
    exports: Exports
    groups: GroupSettings
    job_records: JobRecords
    jobs: OwnJobs
    library: Library
    migrations: GroupMigrations
    moderation: Moderation
    overview: Overview
    people: People
    refunds: Refunds
    renewals: Renewals
    settings: PersonalSettings
    shows: Shows
    template_answers: TemplateAnswers
    template_examples: TemplateExamples
    voices: Voices
    waiting_orders: WaitingOrders
    wallets: Wallets

    @classmethod
    def over(cls, db: Database) -> Self:
        """Built once per process."""
        return cls(
            adjustments=Adjustments(db),
            books=Books(db),
            cards=Cards(db),
            confirmations=Confirmations(db),
            conversations=Conversations(db),
            cooldowns=Cooldowns(db),
            credit_requests=CreditRequests(db),
            drafts=OrderDrafts(db),
            due_notices=DueNotices(db),
            erasure_requests=ErasureRequests(db),
            expiring=ExpiringMessages(db),
            exports=Exports(db),
            groups=GroupSettings(db),
            job_records=JobRecords(db),
            jobs=OwnJobs(db),
            library=Library(db),
            migrations=GroupMigrations(db),
            moderation=Moderation(db),
            overview=Overview(db),
            people=People(db),
            refunds=Refunds(db),
            renewals=Renewals(db),
            settings=PersonalSettings(db),
            shows=Shows(db),
            template_answers=TemplateAnswers(db),
            template_examples=TemplateExamples(db),
            voices=Voices(db),
            waiting_orders=WaitingOrders(db),
            wallets=Wallets(db),
        )
