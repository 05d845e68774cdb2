"""What state a contract was in from when on, and why: one row for every move, and one for every suspension."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models.subscriptions import OVER, Subscription
from backoffice.fields import SheetField, VendorField

# Every move that there is; the database refuses any other. What has no state yet begins in one of two.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    "": ("pending", "active"),
    "pending": ("active", "void"),
    "active": ("past_due", "suspended", *OVER),
    "past_due": ("active", "suspended", *OVER),
    "suspended": ("active", "past_due", *OVER),
}


class Reason(models.TextChoices):
    """Why a contract's state moved. The words end the sentence "because …"."""

    ORDERED = "ordered", "it was ordered"
    BEGAN = "began", "its term began"
    OVERDUE = "overdue", "a payment is overdue"
    PAID = "paid", "what was owed was paid"
    LIFTED = "lifted", "what it was suspended for is over"
    TIME_OVER = "time_over", "the time of the suspension is over"
    # What suspends or ends it, beginning with what the customer did or did not do.
    UNPAID = "unpaid", "fees were not paid"
    BREACH = "breach", "a breach of the contract was not put right"
    IRREMEDIABLE = "irremediable", "a breach of the contract cannot be put right"
    CONDUCT = "conduct", "the rules of acceptable use were broken"
    FALSE_DETAILS = "false_details", "false information was given"
    INELIGIBLE = "ineligible", "what the contract asks of its customers was not shown"
    INSOLVENT = "insolvent", "the customer cannot pay its debts or its assets are seized"
    DISSOLVED = "dissolved", "the customer's business is dissolved or handed on"
    GUARDIAN = "guardian", "a guardian was appointed for the customer"
    DEFAMATION = "defamation", "the vendor was defamed"
    UNSUITABLE = "unsuitable", "the vendor holds the customer's behaviour unsuitable"
    HINDRANCE = "hindrance", "the provision of the service is hindered"
    ASSIGNED = "assigned", "the contract was assigned"
    DEATH = "death", "the account holder died"
    MERGER = "merger", "the customer merged with another company"
    SANCTIONS = "sanctions", "the law forbids to serve the customer"
    # What nobody did wrong.
    NOTICE = "notice", "notice to stop was given"
    CHANGE = "change", "a change of the contract was not accepted"
    SERVICE_END = "service_end", "the vendor ends the service"
    FORCE_MAJEURE = "force_majeure", "force majeure stands in the way"
    AUTHORITY = "authority", "an authority or a court ordered it"
    RENEWAL_VOID = "renewal_void", "its renewal was not paid in time and is void"
    WITHDRAWN = "withdrawn", "the order was withdrawn or declined"


class StateChange(models.Model):
    """That a contract moved from one state to another on a day, with what the contract says about it."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="state_changes")
    from_state = models.CharField("from", max_length=9, choices=Subscription.State, blank=True)
    to_state = models.CharField("to", max_length=9, choices=Subscription.State)
    reason = models.CharField("because", max_length=16, choices=Reason)
    on = models.DateField(help_text="The vendor's day on which it moved.")
    sheet = SheetField()
    because = models.JSONField("clauses", default=list, blank=True)
    nothing_back = models.BooleanField(default=False, help_text="The contract says that nothing paid comes back.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("subscription_id", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(from_state=old, to_state__in=new) for old, new in TRANSITIONS.items()), _connector="OR"
                ),
                name="state_change_allowed",
            ),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="state_change_reason"),
            models.UniqueConstraint(
                fields=("subscription",), condition=Q(from_state=""), name="subscription_begins_once"
            ),
            models.UniqueConstraint(
                fields=("subscription",), condition=Q(to_state__in=OVER), name="subscription_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(nothing_back=False) | Q(to_state__in=OVER), name="state_change_nothing_back"
            ),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.subscription_id}: {self.get_to_state_display()}"


# The suspensions that a day can find to end; the index below has the same condition.
TO_END = Q(lifted_on__isnull=True, until_on__isnull=False)


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Which suspensions last, and how the job takes hold of those whose time is over."""

    def lasting(self) -> SuspensionQuerySet:
        return self.filter(lifted_on=None)

    def to_end(self) -> SuspensionQuerySet:
        """Suspensions for a time that has a last day; over on the day after ``until_on``."""
        return self.filter(TO_END)

    def claim(self, vendor: str, last: date, count: int) -> list[Suspension]:
        """Locks some of a vendor's whose last day is reached, and their subscriptions; passes over what others hold."""
        due = self.to_end().filter(vendor=vendor, until_on__lte=last).order_by("until_on", "id")
        rows = due.select_related("subscription__customer")
        return list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[:count])


class Suspension(models.Model):
    """One ground on which a contract is suspended. It is served again when the last of them is lifted."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="suspensions")
    # Repeats what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    reason = models.CharField("because", max_length=16, choices=Reason)
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True, help_text="Last day; empty until it is put right.")
    lifted_on = models.DateField(null=True, blank=True, help_text="First day without it.")
    sheet = SheetField()
    because = models.JSONField("clauses", default=list, blank=True)
    created_at = models.DateTimeField()

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "reason"), condition=Q(lifted_on__isnull=True), name="one_suspension_per_reason"
            ),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="suspension_reason"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="suspension_ends_after"
            ),
        ]
        indexes = [models.Index(fields=("vendor", "until_on", "id"), name="suspension_to_end", condition=TO_END)]

    def __str__(self) -> str:
        return f"Suspension of subscription {self.subscription_id} because {self.get_reason_display()}"
