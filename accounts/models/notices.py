"""What customers were told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.subscriptions import Subscription


class Notice(models.Model):
    """One letter that a contract asks for: the exact words, why it was due, and when it went out.

    What makes it one obligation is (subscription, kind, period): the same letter is never written twice.
    """

    class Kind(models.TextChoices):
        RENEWAL = "renewal", "renewal notice"
        INVOICE = "invoice", "renewal invoice"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting to be sent"
        SENT = "sent", "sent"
        FAILED = "failed", "could not be sent"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind)
    period_index = models.PositiveIntegerField()
    sheet = models.CharField(max_length=80)
    because = models.JSONField()
    due_on = models.DateField()
    recipient = models.EmailField()
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("subscription", "kind", "period_index"), name="one_notice_per_obligation"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="notice_state_known"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notice_sent_dated"),
        ]
        indexes = [models.Index(fields=("due_on",), name="notice_unsent", condition=~Q(state="sent"))]

    def __str__(self) -> str:
        return self.subject
