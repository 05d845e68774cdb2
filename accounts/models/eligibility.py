"""Whether a customer may subscribe: what was asked at the order, and what must be shown afterwards, by when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models.customers import Customer
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book
from backoffice.terms.words import day_words

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

# What a day can find; the index below has the same condition.
TO_LOOK = Q(act_on__isnull=False)


class EligibilityCaseQuerySet(models.QuerySet["EligibilityCase"]):
    """Which cases a day has to look at, and how the job takes hold of them."""

    def to_look(self) -> EligibilityCaseQuerySet:
        return self.filter(TO_LOOK)

    def claim(self, vendor: str, day: date, count: int) -> list[EligibilityCase]:
        """Locks some that are due on a vendor's day, passing over what others hold."""
        due = self.to_look().filter(vendor=vendor, act_on__lte=day).order_by("act_on", "id")
        rows = due.select_related("subscription__customer")
        return list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[:count])


class EligibilityCase(models.Model):
    """What a customer has to show for one contract, and how far that is: one for each contract that asks for it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for documents"
        REMINDED = "reminded", "reminded"
        SHOWN = "shown", "shown"
        LOST = "lost", "not eligible any more"
        ENDED = "ended", "the contract ended"

    subscription = models.OneToOneField(Subscription, models.PROTECT, related_name="eligibility")
    # Repeats what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    sheet = SheetField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    documents_by = models.DateField(help_text="The last day for the documents.")
    documents_on = models.DateField("documents came on", null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    may_end_from = models.DateField(null=True, blank=True, help_text="First day on which the contract may be ended.")
    act_on = models.DateField("next looked at on", null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    refund_lost = models.BooleanField("nothing is paid back", default=False)
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = EligibilityCaseQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "reminded", "shown", "lost", "ended"]), name="eligibility_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="reminded") | Q(reminded_on__isnull=False, act_on__isnull=False),
                name="eligibility_reminded_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(documents_on__isnull=False), name="eligibility_shown_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(act_on__isnull=True), name="eligibility_ended_is_over"
            ),
        ]
        indexes = [models.Index(fields=("vendor", "act_on", "id"), name="eligibility_to_look", condition=TO_LOOK)]

    def __str__(self) -> str:
        return f"Eligibility for subscription {self.subscription_id}: {self.get_state_display()}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges it; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


class RefusedOrder(models.Model):
    """That an order was not taken, and the contract's reasons."""

    class Question(models.TextChoices):
        ELIGIBILITY = "eligibility.check", "not eligible"
        SCREENING = "screening.check", "barred, or a person has yet to decide"
        IDENTITY = "identity.required", "does not show who it is"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="refused_orders")
    vendor = VendorField()
    plan = models.CharField(max_length=100)
    question = models.CharField("refused for", max_length=32, choices=Question)
    reasons = models.JSONField(default=list)
    refused_on = models.DateField()
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(question__in=["eligibility.check", "screening.check", "identity.required"]),
                name="refused_order_question",
            )
        ]

    def __str__(self) -> str:
        return f"Order refused on {day_words(self.refused_on)}: {self.plan}"


class OptionCheck(models.Model):
    """That an option was asked for whose users need an e-mail address of an eligible domain, and the answer."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="option_checks")
    vendor = VendorField()
    option = models.CharField(max_length=100)
    allowed = models.BooleanField()
    reason = models.CharField(max_length=32)
    asked_on = models.DateField()
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "option"), condition=Q(allowed=True), name="one_option_per_contract"
            )
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.option)}: {'allowed' if self.allowed else 'not allowed'}"
