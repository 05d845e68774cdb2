"""Whether the law bars a customer: every look at the lists, and what a person decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.customers import Customer
from backoffice.fields import CountryField, SheetField, VendorField

# The last look of each customer and contract; the rest is history.
CURRENT = Q(current=True)


class ScreeningQuerySet(models.QuerySet["Screening"]):
    """Which looks are of an older list, and how the job takes hold of them."""

    def of_another_list(self, sha256: str) -> ScreeningQuerySet:
        """Two ranges rather than one inequality, so that an index finds them."""
        return self.filter(CURRENT, Q(list_sha256__lt=sha256) | Q(list_sha256__gt=sha256))

    def claim(self, vendor: str, sha256: str, count: int) -> list[Screening]:
        """Locks some of a vendor's that looked at another list, passing over what others hold."""
        rows = self.of_another_list(sha256).filter(vendor=vendor).order_by("id").select_related("customer")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


class Screening(models.Model):
    """One look at the lists for a customer and a contract, with the list it looked at.

    ``matches`` names the entries of the list and how similar they are (1 is the same), never the customer.
    """

    class Result(models.TextChoices):
        CLEAR = "clear", "clear"
        POSSIBLE = "possible", "possible match"
        BLOCKED = "blocked", "blocked"

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="screenings")
    vendor = VendorField()
    current = models.BooleanField(default=True, help_text="It is the last one.")
    end_use = models.CharField("suspected use", max_length=32, blank=True)
    end_user_country = CountryField("end user's country", blank=True)
    list_sha256 = models.CharField("SHA-256 of the list", max_length=64, blank=True)
    list_date = models.DateField(null=True, blank=True)
    matches = models.JSONField(default=list, blank=True)
    result = models.CharField(max_length=8, choices=Result)
    reasons = models.JSONField(default=list, blank=True)
    screened_on = models.DateField()
    decided_as = models.CharField(max_length=8, choices=Result, blank=True, help_text="What a person decided.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("customer", "vendor"), condition=CURRENT, name="one_current_screening"),
            models.CheckConstraint(condition=Q(result__in=["clear", "possible", "blocked"]), name="screening_result"),
            models.CheckConstraint(
                condition=Q(decided_as="", decided_on__isnull=True)
                | Q(decided_as__in=["clear", "blocked"], decided_on__isnull=False, result="possible"),
                name="screening_decided",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "list_sha256"), name="screening_by_list", condition=CURRENT),
            # What staff narrow the list by; what most screenings are is found without.
            models.Index(fields=("vendor", "id"), name="screening_by_vendor"),
            models.Index(fields=("result", "id"), name="screening_by_result", condition=~Q(result="clear")),
            models.Index(fields=("decided_as", "id"), name="screening_by_decision", condition=~Q(decided_as="")),
            models.Index(fields=("id",), name="screening_earlier", condition=Q(current=False)),
            models.Index(
                fields=("id",), name="screening_to_decide", condition=Q(current=True, result="possible", decided_as="")
            ),
        ]

    def __str__(self) -> str:
        return f"Screening {self.pk}: {self.outcome}"

    @property
    def outcome(self) -> str:
        """What holds: a person's decision, else what the look gave."""
        return self.decided_as or self.result

    @classmethod
    def of(cls, customer: Customer, vendor: str) -> Screening | None:
        """The last look for a customer and a contract."""
        return cls.objects.filter(CURRENT, customer=customer, vendor=vendor).first()
