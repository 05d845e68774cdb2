"""What lets a program in."""

from __future__ import annotations

from datetime import datetime

from django.db import models

SCOPE_DECISIONS = "decisions"
SCOPE_MONEY = "money"
SCOPE_PAYMENTS = "payments"
# What a key may be let do; each endpoint names the scope that it asks for.
SCOPES = {
    SCOPE_DECISIONS: "Ask the rules (decisions)",
    SCOPE_MONEY: "Read invoices, what is owed and payments (money)",
    SCOPE_PAYMENTS: "Record payments (payments)",
}


class ApiKey(models.Model):
    """Lets a program ask what its scopes allow. Of the secret only a SHA-256 is kept: it is shown once."""

    name = models.CharField(max_length=100, help_text="Whose program this is, and what for.")
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("name", "id")
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def valid_at(self, moment: datetime) -> bool:
        """Whether the key opens anything at a moment: not revoked, not expired."""
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)
