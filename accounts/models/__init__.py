"""Who the customers are, what they agreed to, how their terms run, and what they were told: one module a noun."""

from accounts.models.agreements import OF_AGENT, OF_NOBODY, Agreement, ContractDocument, Ownership, SignedPower
from accounts.models.amendments import (
    Amendment,
    AmendmentExit,
    AmendmentNotice,
    AmendmentNoticeQuerySet,
    AmendmentQuerySet,
    MaterialClaim,
    SheetChange,
    Waiver,
)
from accounts.models.breaches import Breach, BreachQuerySet
from accounts.models.circumstances import (
    Announcement,
    AnnouncementQuerySet,
    ForceMajeure,
    Handover,
    MovedDeadline,
    TransferConsent,
)
from accounts.models.conduct import (
    CASE_MOVES,
    LIVE_CASES,
    AbuseReport,
    ConductCase,
    ConductCaseQuerySet,
    ConductStep,
    EvidenceAlarm,
    EvidenceRequest,
    EvidenceRequestQuerySet,
)
from accounts.models.confirmations import ConfirmationForm
from accounts.models.contact import ContactDoubt
from accounts.models.customers import Customer
from accounts.models.declarations import Declaration, DeclarationBreach
from accounts.models.eligibility import EligibilityCase, EligibilityCaseQuerySet, OptionCheck, RefusedOrder
from accounts.models.endings import (
    DataStep,
    DataStepQuerySet,
    EndRequest,
    NoticeWithdrawal,
    PlannedEnd,
    PlannedEndQuerySet,
    Succession,
    SuccessionQuerySet,
)
from accounts.models.erasure import (
    Disposal,
    Erasure,
    PersonKey,
    PlannedDisposal,
    PlannedDisposalQuerySet,
    SealedOpening,
    SealedRecord,
)
from accounts.models.identity import (
    DocumentOpening,
    IdentityDocument,
    IdentityDocumentQuerySet,
    Verification,
    VerificationQuerySet,
)
from accounts.models.kept import KeptRecord, KeptRecordQuerySet, LooseFile
from accounts.models.keys import SCOPE_DECISIONS, SCOPE_MONEY, SCOPE_PAYMENTS, SCOPES, ApiKey
from accounts.models.licences import Assignment, Licence, SeatChange, SeatChangeQuerySet
from accounts.models.mail import InboundMail
from accounts.models.mailing import BulkMailing, MailLimit, Misuse, RecordRequest, VulnerabilityTest
from accounts.models.notices import Notice, NoticeAttempt
from accounts.models.people import Administrator, EndUser
from accounts.models.privacy import DataAlarm, DataBreach, DataRequest, Processor
from accounts.models.received import ReceivedNotice
from accounts.models.resale import ResaleOrder, ResalePermission, ResalePermissionQuerySet
from accounts.models.resellers import Invitation, Membership, Reseller
from accounts.models.screening import Screening, ScreeningQuerySet
from accounts.models.special_terms import SpecialTerm
from accounts.models.states import TRANSITIONS, Reason, StateChange, Suspension, SuspensionQuerySet
from accounts.models.subscriptions import OVER, RUNNING, Period, PeriodQuerySet, Subscription, SubscriptionQuerySet
from accounts.models.tickets import Reclassification, Ticket, TicketAlarm, TicketQuerySet
from accounts.models.users import User
from accounts.models.vendors import VendorClock, VendorClockQuerySet, VendorContract, VendorContractQuerySet

__all__ = [
    "CASE_MOVES",
    "LIVE_CASES",
    "OF_AGENT",
    "OF_NOBODY",
    "OVER",
    "RUNNING",
    "SCOPES",
    "SCOPE_DECISIONS",
    "SCOPE_MONEY",
    "SCOPE_PAYMENTS",
    "TRANSITIONS",
    "AbuseReport",
    "Administrator",
    "Agreement",
    "Amendment",
    "AmendmentExit",
    "AmendmentNotice",
    "AmendmentNoticeQuerySet",
    "AmendmentQuerySet",
    "Announcement",
    "AnnouncementQuerySet",
    "ApiKey",
    "Assignment",
    "Breach",
    "BreachQuerySet",
    "BulkMailing",
    "ConductCase",
    "ConductCaseQuerySet",
    "ConductStep",
    "ConfirmationForm",
    "ContactDoubt",
    "ContractDocument",
    "Customer",
    "DataAlarm",
    "DataBreach",
    "DataRequest",
    "DataStep",
    "DataStepQuerySet",
    "Declaration",
    "DeclarationBreach",
    "Disposal",
    "DocumentOpening",
    "EligibilityCase",
    "EligibilityCaseQuerySet",
    "EndRequest",
    "EndUser",
    "Erasure",
    "EvidenceAlarm",
    "EvidenceRequest",
    "EvidenceRequestQuerySet",
    "ForceMajeure",
    "Handover",
    "IdentityDocument",
    "IdentityDocumentQuerySet",
    "InboundMail",
    "Invitation",
    "KeptRecord",
    "KeptRecordQuerySet",
    "Licence",
    "LooseFile",
    "MailLimit",
    "MaterialClaim",
    "Membership",
    "Misuse",
    "MovedDeadline",
    "Notice",
    "NoticeAttempt",
    "NoticeWithdrawal",
    "OptionCheck",
    "Ownership",
    "Period",
    "PeriodQuerySet",
    "PersonKey",
    "PlannedDisposal",
    "PlannedDisposalQuerySet",
    "PlannedEnd",
    "PlannedEndQuerySet",
    "Processor",
    "Reason",
    "ReceivedNotice",
    "Reclassification",
    "RecordRequest",
    "RefusedOrder",
    "ResaleOrder",
    "ResalePermission",
    "ResalePermissionQuerySet",
    "Reseller",
    "Screening",
    "ScreeningQuerySet",
    "SealedOpening",
    "SealedRecord",
    "SeatChange",
    "SeatChangeQuerySet",
    "SheetChange",
    "SignedPower",
    "SpecialTerm",
    "StateChange",
    "Subscription",
    "SubscriptionQuerySet",
    "Succession",
    "SuccessionQuerySet",
    "Suspension",
    "SuspensionQuerySet",
    "Ticket",
    "TicketAlarm",
    "TicketQuerySet",
    "TransferConsent",
    "User",
    "VendorClock",
    "VendorClockQuerySet",
    "VendorContract",
    "VendorContractQuerySet",
    "Verification",
    "VerificationQuerySet",
    "VulnerabilityTest",
    "Waiver",
]
