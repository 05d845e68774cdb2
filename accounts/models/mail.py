"""Mail that came to us: kept as short as it can be, each once, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.customers import Customer
from accounts.models.notices import Notice
from accounts.models.tickets import Ticket


class InboundMail(models.Model):
    """One mail: what it answers or returns, whether our own server vouches for who sent it, and what it led to.

    Of a mail that returns one of ours no words are kept but the reason. One that nobody vouches for waits for staff.
    """

    class Kind(models.TextChoices):
        STATUS = "status", "word of a delivery"
        REPLY = "reply", "answer"
        OTHER = "other", "other mail"

    class State(models.TextChoices):
        WAITING = "waiting", "waits for staff"
        ACTED = "acted", "done"
        FILED = "filed", "filed"

    message_id = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=Kind)
    vouched = models.BooleanField("our server vouches for its sender")
    sender = models.CharField("from", max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    action = models.CharField("what became of the letter", max_length=20, blank=True)
    result = models.TextField("what the other server said", blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="mails")
    attempt = models.PositiveSmallIntegerField("attempt of the letter", default=1)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="mails")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="mails")
    state = models.CharField(max_length=8, choices=State)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "mail that came in"
        verbose_name_plural = "mail that came in"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("message_id", "sha256"), name="one_row_per_mail"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None) | ~Q(state="waiting") & Q(settled_at__isnull=False),
                name="mail_settled_at",
            ),
        ]
        indexes = [models.Index(fields=("received_at",), name="mail_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.subject or f"Mail {self.pk}"
