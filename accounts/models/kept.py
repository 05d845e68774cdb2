"""What hangs on no customer's contract, and so has a day of its own on which it goes; and files that no row names."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models.erasure import Disposal
from backoffice.fields import KindField, VendorField

# What a day can find; the index below has the same condition.
TO_LET_GO = Q(disposal__isnull=True)


class KeptRecordQuerySet(models.QuerySet["KeptRecord"]):
    """What still stands, and how the job takes hold of what goes."""

    def to_let_go(self) -> KeptRecordQuerySet:
        return self.filter(TO_LET_GO)

    def claim(self, vendor: str, day: date, count: int) -> list[KeptRecord]:
        """Locks some that go on a vendor's day, passing over what others hold."""
        due = self.to_let_go().filter(vendor=vendor, goes_on__lte=day).order_by("goes_on", "id")
        return list(due.select_for_update(of=("self",), skip_locked=True)[:count])


class KeptRecord(models.Model):
    """One row that no contract's end takes away: why it is kept, and the day on which it goes."""

    class Retention(models.TextChoices):
        REPORT = "report", "report of a violation"
        MAIL = "mail", "mail of somebody who is no customer"
        FILE = "file", "file that no row names"

    model = KindField()
    row = models.PositiveBigIntegerField("number of the row")
    retention = models.CharField("kept as", max_length=8, choices=Retention)
    basis = models.CharField("why", max_length=200)
    because = models.JSONField(default=list, blank=True)
    vendor = VendorField("looked after by", help_text="Whose day looks after it.")
    goes_on = models.DateField()
    disposal = models.ForeignKey(Disposal, models.PROTECT, null=True, blank=True, related_name="kept_records")
    created_at = models.DateTimeField()

    objects = KeptRecordQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("model", "row"), name="one_day_to_go_per_row"),
            models.CheckConstraint(condition=Q(retention__in=["report", "mail", "file"]), name="kept_as_known"),
        ]
        indexes = [models.Index(fields=("vendor", "goes_on", "id"), name="kept_to_let_go", condition=TO_LET_GO)]

    def __str__(self) -> str:
        return f"{capfirst(self.get_retention_display())} {self.row}"


class LooseFile(models.Model):
    """A file in the store that no row named when a day looked; ``file`` is empty once it is gone."""

    file = models.FileField(max_length=300, blank=True)
    seen_on = models.DateField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("file",), condition=~Q(file=""), name="one_row_per_loose_file"),
        ]

    def __str__(self) -> str:
        return f"Loose file {self.pk}"
