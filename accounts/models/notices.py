"""What somebody was told, and why: the letters that contracts make due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.customers import Customer
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField

# The letters that every contract brings again and again.
COMMON = ("renewal", "invoice")


class Notice(models.Model):
    """One letter that a contract asks for: the exact words, to whom, why it was due, and what became of it.

    ``obligation`` names what the contract makes due (the contract, the clause's kind of notice, the period it is
    about); it is unique, so the same letter is never written twice, however many processes write.
    """

    class Party(models.TextChoices):
        CUSTOMER = "customer", "customer"
        END_USER = "end_user", "end user"
        RESELLER = "reseller", "reseller"
        VENDOR = "vendor", "vendor"
        REPORTER = "reporter", "who reported a violation"

    class Kind(models.TextChoices):
        RENEWAL = "renewal", "renewal notice"
        INVOICE = "invoice", "letter with an invoice"
        SUSPENSION = "suspension", "notice of suspension"
        RESUMPTION = "resumption", "notice of resumption"
        TERMINATION = "termination", "notice of termination"
        BREACH = "breach", "notice of a breach"
        OVERDUE = "overdue", "notice of an overdue payment"
        WARNING = "warning", "warning"
        REVOCATION = "revocation", "notice of access taken away"
        EVIDENCE = "evidence", "request for evidence of consent"
        ABUSE_REPORT = "abuse_report", "answer to a report of a violation"
        AMENDMENT = "amendment", "notice of a change"
        DATA_INFORMATION = "data_information", "information about personal data"
        DATA_REQUEST = "data_request", "notice of a request about personal data"
        DATA_BREACH = "data_breach", "notice of a breach of personal data"
        ANNOUNCEMENT = "announcement", "notice of what happened"
        VERIFICATION = "verification", "request to show who they are"
        ELIGIBILITY = "eligibility", "reminder of documents"
        FEE = "fee", "quote of a fee"
        MAINTENANCE = "maintenance", "notice of maintenance"
        CLAIM = "claim", "answer to a claim for a credit"
        DISPUTE = "dispute", "answer to a disputed bill"
        ELIGIBILITY_LOST = "eligibility_lost", "notice of lost eligibility"

    class Channel(models.TextChoices):
        EMAIL = "email", "e-mail"
        PORTAL = "portal", "on the account page"
        LETTER = "letter", "letter"
        AIRMAIL = "airmail", "letter by airmail"
        REGISTERED = "registered", "registered letter"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting to be sent"
        SENT = "sent", "sent"
        DELIVERED = "delivered", "delivered"
        BOUNCED = "bounced", "came back"
        FAILED = "failed", "could not be sent"

    obligation = models.CharField(max_length=200, unique=True)
    party = models.CharField("to", max_length=16, choices=Party, default=Party.CUSTOMER)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        help_text="Whose contract it is about; empty where it is about none of theirs.",
    )
    subscription = models.ForeignKey(Subscription, models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=32, choices=Kind)
    vendor = VendorField()
    sheet = SheetField()
    because = models.JSONField()
    due_on = models.DateField()
    channel = models.CharField("by", max_length=16, choices=Channel, default=Channel.EMAIL)
    recipient = models.CharField(max_length=254, help_text="E-mail address, or the name on the envelope.")
    address = models.TextField(blank=True, help_text="Lines of the postal address; empty for e-mail.")
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    written_on = models.DateField(help_text="The vendor's day on which it was written.")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="1 unless it had to be sent again.")
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200)
    tracking = models.CharField("tracking number", max_length=64, blank=True, help_text="Of a registered letter.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    deemed_at = models.DateTimeField(
        "counts as received at",
        null=True,
        blank=True,
        help_text="Empty where the contract does not say, or it came back.",
    )
    deemed_because = models.JSONField(default=list, blank=True)
    result = models.TextField(blank=True, help_text="What the post or the other mail server answered.")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "delivered", "bounced", "failed"]), name="notice_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered", "bounced"]) | Q(sent_at__isnull=False),
                name="notice_sent_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="notice_delivered_dated"
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "written_on"), name="notice_of_a_day"),
            models.Index(fields=("message_id",), name="notice_by_message"),
            # What staff narrow the list by; what most letters are is found without.
            models.Index(fields=("state", "id"), name="notice_by_state"),
            models.Index(fields=("kind", "id"), name="notice_of_rare_kind", condition=~Q(kind__in=COMMON)),
            models.Index(fields=("party", "id"), name="notice_to_others", condition=~Q(party="customer")),
            models.Index(fields=("channel", "id"), name="notice_otherwise", condition=~Q(channel="email")),
        ]

    def __str__(self) -> str:
        return self.subject


class NoticeAttempt(models.Model):
    """An earlier attempt of a letter that had to be sent again: where it went, and what became of it."""

    KEPT = ("channel", "recipient", "address", "message_id", "state", "sent_at", "delivered_at", "tracking", "result")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField("by", max_length=16, choices=Notice.Channel)
    recipient = models.CharField(max_length=254)
    address = models.TextField(blank=True)
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=Notice.State)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    tracking = models.CharField("tracking number", max_length=64, blank=True)
    result = models.TextField(blank=True)

    class Meta:
        ordering = ("notice_id", "number")
        constraints = [models.UniqueConstraint(fields=("notice", "number"), name="one_row_per_attempt")]
        indexes = [models.Index(fields=("message_id",), name="attempt_by_message")]

    def __str__(self) -> str:
        return f"Attempt {self.number} of letter {self.notice_id}"
