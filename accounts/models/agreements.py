"""What customers agreed to: the texts of contracts, and their acceptance."""

from __future__ import annotations

from django.db import models

from accounts.models.subscriptions import Subscription


class ContractDocument(models.Model):
    """The text of a contract as a file, tied to the sheet that was made from it: what customers accept."""

    sheet = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=50)
    file = models.FileField(upload_to="contracts/")
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("sheet", "title", "-id")
        constraints = [models.UniqueConstraint(fields=("sheet", "sha256"), name="one_document_per_text")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class Agreement(models.Model):
    """That a subscription was made under one text of the contract."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="agreements")
    document = models.ForeignKey(ContractDocument, models.PROTECT, related_name="agreements")
    accepted_on = models.DateField()

    class Meta:
        ordering = ("subscription_id", "id")
        constraints = [models.UniqueConstraint(fields=("subscription", "document"), name="one_agreement_per_document")]

    def __str__(self) -> str:
        return f"{self.document} accepted on {self.accepted_on}"
