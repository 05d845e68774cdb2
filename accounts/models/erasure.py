"""What was erased, what stays sealed for a while and why, and what became of it."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models.customers import Customer
from accounts.models.subscriptions import Subscription
from backoffice.fields import KindField, SheetField, VendorField
from backoffice.terms.words import day_words, listed, moment_words

# What a day can find; the indexes below have the same conditions.
KEY_LIVES = Q(destroyed_on__isnull=True)
TO_DISPOSE = Q(done_on__isnull=True, due_on__isnull=False)


def _words(name: str) -> str:
    """The words for a kind of row, or for what lies outside the books."""
    return str(apps.get_model(name)._meta.verbose_name_plural) if "." in name else name.replace("_", " ")


class Disposal(models.Model):
    """That data left the books, of which kind and how much; never whose, and never what it said."""

    class Kind(models.TextChoices):
        ERASURE = "erasure", "erased on request"
        RETENTION = "retention", "kept no longer"
        CONTRACT_END = "contract_end", "end of a contract"
        BACKUP = "backup", "age of a backup"
        KEY = "key", "key destroyed"

    kind = models.CharField(max_length=16, choices=Kind)
    basis = models.CharField("why", max_length=200)
    vendor = VendorField(blank=True)
    sheet = SheetField(blank=True)
    because = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, help_text="Rows of each kind.")
    disposed_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["erasure", "retention", "contract_end", "backup", "key"]),
                name="disposal_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())}, {day_words(self.disposed_on)}"

    @property
    def went(self) -> str:
        """What left, and how much of it, in words."""
        counted = [f"{_words(name)} ({count})" for name, count in self.counts.items()]
        return listed(counted) if counted else "nothing was left to go"


class Erasure(models.Model):
    """That somebody's data was to be erased, and the answer: done, or why not now."""

    class State(models.TextChoices):
        DONE = "done", "erased"
        REFUSED = "refused", "not now"

    subject = KindField("kind of person")
    subject_id = models.PositiveBigIntegerField("number")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="erasures")
    state = models.CharField(max_length=8, choices=State)
    refused_for = models.CharField(max_length=32, blank=True)
    because = models.JSONField(default=list, blank=True)
    asked_on = models.DateField()
    created_at = models.DateTimeField()
    disposal = models.OneToOneField(Disposal, models.PROTECT, null=True, blank=True, related_name="erasure")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subject", "subject_id"), condition=Q(state="done"), name="one_erasure_per_person"
            ),
            models.CheckConstraint(
                condition=Q(state="done", refused_for="", disposal__isnull=False)
                | Q(state="refused", disposal__isnull=True) & ~Q(refused_for=""),
                name="erasure_done_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_subject_display())} {self.subject_id}: {self.get_state_display()}"


class PersonKey(models.Model):
    """One person's key for what one retention keeps of them; once it is destroyed nobody reads that any more."""

    subject = KindField("kind of person")
    subject_id = models.PositiveBigIntegerField("number")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="person_keys")
    retention = models.CharField("kept as", max_length=32)
    basis = models.CharField("why", max_length=200)
    # Whose day ends it: a vendor's whom the customer had a contract with.
    vendor = VendorField()
    sheet = SheetField(blank=True)
    because = models.JSONField(default=list, blank=True)
    keep_until = models.DateField(help_text="The day on which it is destroyed, with all that it seals.")
    house_key = models.CharField(max_length=16, help_text="The key of the house that it lies under.")
    wrapped = models.BinaryField()
    destroyed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "sealing key"
        verbose_name_plural = "sealing keys"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subject", "subject_id", "retention"), name="one_key_per_person_and_retention"
            ),
            models.CheckConstraint(condition=KEY_LIVES | Q(wrapped=b""), name="destroyed_key_is_gone"),
        ]
        indexes = [models.Index(fields=("vendor", "keep_until", "id"), name="key_to_destroy", condition=KEY_LIVES)]

    def __str__(self) -> str:
        person = f"{capfirst(self.get_subject_display())} {self.subject_id}"
        return f"{person}, {self.retention} until {day_words(self.keep_until)}"

    @property
    def place(self) -> str:
        """Where it lies, which its sealing is bound to."""
        return f"person key/{self.subject}/{self.subject_id}/{self.retention}"


class SealedRecord(models.Model):
    """What stood in the columns of one row, sealed under the person's key; empty once that is destroyed."""

    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="records")
    model = KindField()
    row = models.PositiveBigIntegerField("number of the row")
    sealed = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("key", "model", "row"), name="one_sealed_record_per_row")]

    def __str__(self) -> str:
        return f"{capfirst(self.get_model_display())} {self.row}"

    @property
    def place(self) -> str:
        """Where it lies, which its sealing is bound to."""
        return f"sealed record/{self.model}/{self.row}"


class SealedOpening(models.Model):
    """That somebody of the staff opened a sealed record, and what for."""

    record = models.ForeignKey(SealedRecord, models.PROTECT, related_name="openings")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="opening_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.record}, opened on {moment_words(self.opened_at)}"


class PlannedDisposalQuerySet(models.QuerySet["PlannedDisposal"]):
    """What is to be disposed of, and how the job takes hold of it."""

    def to_dispose(self) -> PlannedDisposalQuerySet:
        return self.filter(TO_DISPOSE)

    def claim(self, vendor: str, day: date, count: int) -> list[PlannedDisposal]:
        """Locks some that are due on a vendor's day, passing over what others hold."""
        due = self.to_dispose().filter(vendor=vendor, due_on__lte=day).order_by("due_on", "id")
        return list(due.select_for_update(of=("self",), skip_locked=True)[:count])


class PlannedDisposal(models.Model):
    """That data of an ended contract is to go on a day, once for each contract and kind of data.

    ``due_on`` is empty while a contract of an affiliate keeps it.
    """

    class Data(models.TextChoices):
        CONTACT = "contact", "contacts"
        ACCOUNT = "account", "accounts of users"

    class Wanted(models.TextChoices):
        NOTHING_SAID = "nothing_said", "nothing was said"
        DELETE = "delete", "deleted"
        RETURN = "return", "given back"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="planned_disposals")
    data = models.CharField(max_length=16, choices=Data)
    vendor = VendorField()
    sheet = SheetField()
    basis = models.CharField("why", max_length=200)
    because = models.JSONField(default=list, blank=True)
    wanted = models.CharField(
        max_length=12,
        choices=Wanted,
        default=Wanted.NOTHING_SAID,
        help_text="What the customer wants of it, where the contract lets it choose.",
    )
    due_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField("given back on", null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = PlannedDisposalQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("subscription", "data"), name="one_disposal_per_contract_and_data"),
            models.CheckConstraint(condition=Q(data__in=["contact", "account"]), name="planned_data_known"),
        ]
        indexes = [models.Index(fields=("vendor", "due_on", "id"), name="disposal_to_do", condition=TO_DISPOSE)]

    def __str__(self) -> str:
        return f"{capfirst(self.get_data_display())} of subscription {self.subscription_id}"
