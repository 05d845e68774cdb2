"""Breaches of a contract that were told, and the time to put them right."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models.notices import Notice
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField

# Breaches whose right to end the contract is still to come; the index below has the same condition.
TO_FALL_DUE = Q(state="open", may_end_from__isnull=False)


class BreachQuerySet(models.QuerySet["Breach"]):
    """Which breaches are not settled, and how the job takes hold of those whose time is over."""

    def to_fall_due(self) -> BreachQuerySet:
        """Breaches over which the contract may be ended from ``may_end_from`` on, unless they are put right."""
        return self.filter(TO_FALL_DUE)

    def claim(self, vendor: str, day: date, count: int) -> list[Breach]:
        """Locks some that are due on a vendor's day, passing over what others hold."""
        due = self.to_fall_due().filter(vendor=vendor, may_end_from__lte=day).order_by("may_end_from", "id")
        rows = due.select_related("subscription", "notice")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


class Breach(models.Model):
    """One breach that a customer was told of, or told us of, and what the contract makes of it.

    ``cure_by`` and ``may_end_from`` are counted from the day on which the notice counts as received. The right to end
    the contract is only shown when it comes to be: somebody has to use it.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", "not paid"
        MATERIAL = "material", "a material breach"
        SOFTWARE = "software", "forbidden software or use"

    class By(models.TextChoices):
        CUSTOMER = "customer", "the customer"
        VENDOR = "vendor", "the vendor"

    class State(models.TextChoices):
        OPEN = "open", "to be put right"
        DUE = "due", "the contract may be ended"
        PUT_RIGHT = "put_right", "put right"
        ENDED = "ended", "the contract was ended"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="breaches")
    # Repeats what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    sheet = SheetField()
    kind = models.CharField(max_length=8, choices=Kind)
    by = models.CharField("in breach", max_length=8, choices=By, default=By.CUSTOMER)
    detail = models.TextField(help_text="What is wrong, as the notice tells it, so that it can be put right.")
    remediable = models.BooleanField("can be put right", default=True)
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, blank=True, related_name="breach")
    noticed_on = models.DateField("told on")
    received_on = models.DateField(help_text="When the notice counts as received.")
    cure_by = models.DateField(null=True, blank=True, help_text="Last day to put it right; empty where none is owed.")
    may_end_from = models.DateField(null=True, blank=True, help_text="First day on which the contract may be ended.")
    suspend_at_once = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    put_right_on = models.DateField(null=True, blank=True)
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = BreachQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "breaches"
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "kind", "by"),
                condition=Q(state__in=["open", "due"]),
                name="one_breach_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=["payment", "material", "software"]), name="breach_kind"),
            models.CheckConstraint(condition=Q(by__in=["customer", "vendor"]), name="breach_by"),
            models.CheckConstraint(condition=Q(state__in=["open", "due", "put_right", "ended"]), name="breach_state"),
            models.CheckConstraint(
                condition=~Q(state="put_right") | Q(put_right_on__isnull=False), name="breach_put_right_dated"
            ),
            models.CheckConstraint(
                condition=Q(cure_by__isnull=True) | Q(cure_by__gte=F("received_on")), name="breach_cured_after"
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "may_end_from", "id"), name="breach_to_fall_due", condition=TO_FALL_DUE)
        ]

    def __str__(self) -> str:
        return f"Breach {self.pk} of subscription {self.subscription_id}: {self.get_kind_display()}"
