"""What was agreed with one customer instead of what the contract says."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField


class SpecialTerm(models.Model):
    """One value of the terms, replaced for one subscription; ``key`` is its place, such as ``period.notice_days``.

    What is in force stands on the subscription as well, where its rules read it.
    """

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="specially_agreed")
    key = models.CharField("value replaced", max_length=120)
    value = models.JSONField("value agreed")
    words = models.CharField("in words", max_length=300)
    reference = models.CharField("paper", max_length=200, help_text="What it is called, and where it is kept.")
    in_writing = models.BooleanField(default=True)
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True, help_text="First day without it.")
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "key"), condition=Q(until_on__isnull=True), name="one_special_term_per_value"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="special_term_has_paper"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="special_term_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return self.words
