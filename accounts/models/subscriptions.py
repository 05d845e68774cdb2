"""How the terms of a customer's contract run: subscriptions, and their periods."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Least

from accounts.models.customers import Customer
from accounts.models.resale import ResalePermission
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book
from backoffice.terms.special import with_special_terms
from backoffice.terms.words import day_words

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

# The states of a term that has begun and is not over, and of one that is; the rest waits to begin.
RUNNING = ("active", "past_due", "suspended")
OVER = ("ended", "void")
# Contracts whose last day is set and is to come; an index below has the same condition.
TO_END = Q(state__in=RUNNING, ends_on__isnull=False)
# Contracts with something overdue of which the day's job has not told yet; the index below has the same condition.
OVERDUE_TO_TELL = Q(state__in=RUNNING, overdue_since__isnull=False, overdue_told_on__isnull=True)
# Contracts whose order waits for the vendor's form of confirmation; the index below has the same condition.
TO_CONFIRM = Q(state__in=RUNNING, to_confirm=True)
# Contracts that are over and whose data has no day yet on which it goes; the index below has the same condition.
DATA_TO_PLAN = Q(state__in=OVER, data_planned_on__isnull=True)
# Contracts with periods whose first one was not charged yet; the index below has the same condition.
TO_CHARGE = Q(charged_on__isnull=True, renewal_months__isnull=False) & ~Q(state="void")
# Contracts that are over and of which it is not settled yet what comes back; the index below has the same condition.
TO_SETTLE = Q(state__in=OVER, settled_on__isnull=True)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Which contracts are served, and which are over."""

    def running(self) -> SubscriptionQuerySet:
        """Those whose term has begun and is not over: fees run on for who is past due or suspended too."""
        return self.filter(state__in=RUNNING)

    def to_end(self) -> SubscriptionQuerySet:
        """Those with a last day that no period will bring about: contracts without periods have none to close."""
        open_periods = Period.objects.filter(subscription=OuterRef("pk"), state=Period.State.OPEN)
        return self.filter(TO_END).exclude(Exists(open_periods))

    def over(self) -> SubscriptionQuerySet:
        """Those that ended or never came to anything."""
        return self.filter(state__in=OVER)

    def overdue_to_tell(self) -> SubscriptionQuerySet:
        """Those with something overdue since ``overdue_since`` of which no day has told yet."""
        return self.filter(OVERDUE_TO_TELL)

    def to_be_confirmed(self) -> SubscriptionQuerySet:
        """Those that run, whose contract has a form to confirm an order, and whose order was not confirmed."""
        return self.filter(TO_CONFIRM)

    def data_to_plan(self) -> SubscriptionQuerySet:
        """Those that are over and whose data has no day yet on which it goes."""
        return self.filter(DATA_TO_PLAN)

    def to_settle(self) -> SubscriptionQuerySet:
        """Those that are over and of which nobody has worked out yet what comes back; due on ``ends_on``."""
        return self.filter(TO_SETTLE)

    def to_charge(self) -> SubscriptionQuerySet:
        """Those whose first period is to be invoiced, and is not yet; due on ``accepted_on``."""
        return self.filter(TO_CHARGE)


class Subscription(models.Model):
    """One contract of one customer for one vendor's service.

    ``sheet`` is the version of the terms in force when it was accepted: that version judges it to its end.
    """

    class State(models.TextChoices):
        PENDING = "pending", "waiting for its payment"
        ACTIVE = "active", "active"
        PAST_DUE = "past_due", "past due"
        SUSPENDED = "suspended", "suspended"
        ENDED = "ended", "ended"
        VOID = "void", "void"

    class Method(models.TextChoices):
        CARD = "card", "card"
        PAYPAL = "paypal", "PayPal"
        BANK_TRANSFER = "bank_transfer", "bank transfer"
        BITCOIN = "bitcoin", "Bitcoin"
        CHECK = "check", "cheque"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="subscriptions")
    vendor = VendorField()
    sheet = SheetField(help_text="Version of the terms, frozen when they were accepted.")
    plan = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    method = models.CharField("payment by", max_length=16, choices=Method)
    cycle_months = models.PositiveSmallIntegerField(
        "months of a period", null=True, blank=True, help_text="Empty for the contract's own length."
    )
    renewal_months = models.PositiveSmallIntegerField(
        "months of a renewal", null=True, blank=True, help_text="Empty where the contract knows no periods."
    )
    commitment = models.BooleanField(default=False)
    accepted_on = models.DateField()
    start = models.DateField(null=True, blank=True)
    start_because = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=9, choices=State)
    overdue_since = models.DateField(null=True, blank=True, help_text="First day on which something was overdue.")
    overdue_told_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The day whose run told of what is overdue, where it is due."
    )
    notice_on = models.DateField(null=True, blank=True, help_text="When a notice to stop was received.")
    ends_on = models.DateField(null=True, blank=True, help_text="Last day of service; empty while it goes on renewing.")
    ends_because = models.JSONField(default=list, blank=True)
    ends_reason = models.CharField(max_length=16, blank=True, help_text="Why it ends, as its history will say.")
    for_resale = models.BooleanField(default=False, help_text="It is passed on to others for money.")
    resale_permission = models.ForeignKey(
        ResalePermission, models.PROTECT, null=True, blank=True, related_name="subscriptions"
    )
    special_terms = models.JSONField(
        default=dict, blank=True, help_text="What is in force of that which was agreed with this customer alone."
    )
    to_confirm = models.BooleanField(
        default=False, editable=False, help_text="The contract has a form to confirm the order, which was not made."
    )
    data_planned_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The day whose run set when its data goes."
    )
    # Written by the room above that bills.
    charged_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The day whose run invoiced its first period."
    )
    settled_on = models.DateField(
        null=True, blank=True, editable=False, help_text="The day whose run worked out what comes back after its end."
    )
    created_at = models.DateTimeField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(resale_permission__isnull=True) | Q(for_resale=True), name="subscription_resale"
            ),
            models.CheckConstraint(condition=Q(state__in=["pending", *RUNNING, *OVER]), name="subscription_state"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscription_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "void"]) | Q(start__isnull=False), name="subscription_begun"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OVER) | Q(ends_on__isnull=False), name="subscription_ended_on"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "past_due"])
                | Q(state="active", overdue_since__isnull=True)
                | Q(state="past_due", overdue_since__isnull=False),
                name="subscription_overdue_since",
            ),
            models.CheckConstraint(
                condition=Q(overdue_told_on__isnull=True) | Q(overdue_since__isnull=False),
                name="subscription_overdue_told",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "start"), name="subscription_live", condition=Q(state__in=RUNNING)),
            models.Index(fields=("vendor", "ends_on", "id"), name="subscription_to_end", condition=TO_END),
            models.Index(
                fields=("vendor", "overdue_since", "id"), name="subscription_overdue", condition=OVERDUE_TO_TELL
            ),
            models.Index(fields=("vendor", "accepted_on", "id"), name="subscription_to_charge", condition=TO_CHARGE),
            models.Index(fields=("vendor", "ends_on", "id"), name="subscription_to_settle", condition=TO_SETTLE),
            models.Index(fields=("state", "id"), name="subscription_by_state"),
            models.Index(fields=("vendor", "id"), name="subscription_by_vendor"),
            models.Index(fields=("id",), name="subscription_to_confirm", condition=TO_CONFIRM),
            models.Index(fields=("start",), name="subscription_by_start"),
            models.Index(fields=("ends_on",), name="subscription_by_end", condition=Q(ends_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}: {self.plan}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges this subscription, with what was agreed specially.

        KeyError where its sheet is gone from the book.
        """
        sheet = book().sheet(self.sheet)
        return with_special_terms(sheet, self.special_terms) if self.special_terms else sheet


# The work that a day can find in the periods; the indexes below have the same conditions.
TO_NOTICE = Q(state="open", renews=True, noticed_on__isnull=True, tell_on__isnull=False)
TO_INVOICE = ~Q(state="ended") & Q(renews=True, invoiced_on__isnull=True)
TO_CLOSE = Q(state="open")
TO_STOP = Q(state="open", renews=True)


class PeriodQuerySet(models.QuerySet["Period"]):
    """What is to be done about periods, and how a job takes hold of it."""

    def to_notice(self) -> PeriodQuerySet:
        """Periods before whose renewal the customer is to be told, and is not yet; due by ``tell_on``."""
        return self.filter(TO_NOTICE)

    def to_invoice(self) -> PeriodQuerySet:
        """Periods whose renewal is to be invoiced, and is not yet; due by ``invoice_on``.

        A period that has renewed uninvoiced (it was entered late) stays among them: what it owes does not lapse.
        """
        return self.filter(TO_INVOICE)

    def to_close(self) -> PeriodQuerySet:
        """Periods that will renew or end when ``closes_on`` is over."""
        return self.filter(TO_CLOSE)

    def to_stop(self) -> PeriodQuerySet:
        """Periods that will renew unless a notice to stop comes by ``non_renewal_by``."""
        return self.filter(TO_STOP)

    def note_last_day(self, ends_on: date | None) -> None:
        """Notes which periods another one follows, and when the running ones close, after their subscriptions' last
        day of service was set (None where it was taken back)."""
        running = self.filter(TO_CLOSE)
        if ends_on is None:
            self.update(renews=True)
            running.update(closes_on=F("period_end"))
        else:
            self.update(renews=ExpressionWrapper(Q(period_end__lt=ends_on), models.BooleanField()))
            running.update(closes_on=Least("period_end", Value(ends_on)))

    def due(self, vendor: str, column: str, day: date) -> PeriodQuerySet:
        """Those of a vendor whose ``column`` is reached on a day, the longest due first."""
        return self.filter(vendor=vendor, **{f"{column}__lte": day}).order_by(column, "id")

    def claim(self, count: int) -> list[Period]:
        """Locks some rows and their subscriptions until the transaction ends, passing over what others hold."""
        rows = self.select_related("subscription__customer")
        return list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[:count])


class Period(models.Model):
    """One period of a term with the dates that fall due around its end, as the rule gave them when it was opened."""

    class State(models.TextChoices):
        OPEN = "open", "running"
        RENEWED = "renewed", "renewed"
        ENDED = "ended", "ended"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="periods")
    index = models.PositiveIntegerField("periods before it")
    # The two below repeat what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    sheet = SheetField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    period_start = models.DateField()
    period_end = models.DateField()
    closes_on = models.DateField(
        help_text="Last day of service: its end, or the day before it that was given notice for."
    )
    renews = models.BooleanField(default=True, help_text="Another period follows it, as far as is known.")
    renews_on = models.DateField()
    due_on = models.DateField(help_text="When the payment for the next period is due.")
    invoice_on = models.DateField(help_text="First day on which the next period may be charged.")
    pay_by = models.DateField(null=True, blank=True, help_text="Last day before an unpaid renewal is void.")
    non_renewal_by = models.DateField(help_text="Last day for a notice not to renew.")
    renewal_notice_on = models.DateField(null=True, blank=True, help_text="When the customer is told of the renewal.")
    because = models.JSONField()
    tell_on = models.DateField(
        null=True, blank=True, help_text="When the renewal notice leaves, so that it counts as received in time."
    )
    tell_because = models.JSONField(default=list, blank=True)
    # The next two are written by the jobs: the first by ours, the second by the room above that bills.
    noticed_on = models.DateField(null=True, blank=True, help_text="The day whose run wrote the renewal notice.")
    invoiced_on = models.DateField(null=True, blank=True, help_text="The day whose run invoiced the next period.")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("subscription_id", "index")
        constraints = [
            models.UniqueConstraint(fields=("subscription", "index"), name="one_period_per_index"),
            models.CheckConstraint(condition=Q(state__in=["open", "renewed", "ended"]), name="period_state_known"),
            models.CheckConstraint(condition=Q(period_start__lte=F("period_end")), name="period_ends_after_it_starts"),
        ]
        # Each index holds only what is still to be done, so it stays small however many years lie behind.
        indexes = [
            models.Index(fields=("vendor", "tell_on", "id"), name="period_to_notice", condition=TO_NOTICE),
            models.Index(fields=("vendor", "invoice_on", "id"), name="period_to_invoice", condition=TO_INVOICE),
            models.Index(fields=("vendor", "closes_on", "id"), name="period_to_close", condition=TO_CLOSE),
            models.Index(fields=("vendor", "non_renewal_by", "id"), name="period_to_stop", condition=TO_STOP),
            # What staff narrow the list by.
            models.Index(fields=("state", "id"), name="period_by_state"),
            models.Index(fields=("vendor", "period_start"), name="period_by_vendor"),
        ]

    def __str__(self) -> str:
        days = f"{day_words(self.period_start)} to {day_words(self.period_end)}"
        return f"Subscription {self.subscription_id}: {days}"
