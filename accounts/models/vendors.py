"""Our own contracts with vendors, who bind us whatever our customers do, and the days by which we have to act."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from accounts.models.received import ReceivedNotice
from accounts.models.subscriptions import RUNNING, Period, Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book
from backoffice.terms.words import day_words

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

# What a day can find; the indexes below have the same conditions.
GOING_ON = Q(opens_on__isnull=False)
TO_WATCH = Q(look_on__isnull=False)
FOLLOWS = Q(state="open", period_end__isnull=False)
KINDS = ("non_renewal", "payment", "dispute", "credit_claim", "leave", "change", "end")


class VendorContractQuerySet(models.QuerySet["VendorContract"]):
    """Which of our contracts are to get their next period, and how a job takes hold of them."""

    def going_on(self) -> VendorContractQuerySet:
        return self.filter(GOING_ON)

    def claim(self, vendor: str, day: date, count: int) -> list[VendorContract]:
        """Locks some whose next period is to be opened by a vendor's day, passing over what others hold."""
        rows = self.going_on().filter(vendor=vendor, opens_on__lte=day).order_by("opens_on", "id")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


class VendorContract(models.Model):
    """One contract of ours with a vendor, in which we are the customer.

    It covers what we sell on of one plan (or all), or stands behind one customer's subscription. ``opens_on`` is the
    day on which the days of its next period become ours to watch.
    """

    vendor = VendorField()
    sheet = SheetField()
    reference = models.CharField("the vendor's number of it", max_length=100)
    plan = models.CharField("covers the plan", max_length=100, blank=True, help_text="Empty for every plan.")
    subscription = models.ForeignKey(
        Subscription,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vendor_contracts",
        help_text="The one contract that it stands behind; empty where it serves many.",
    )
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    start = models.DateField()
    cycle_months = models.PositiveSmallIntegerField("months of a period", null=True, blank=True)
    commitment = models.BooleanField(default=False)
    opens_on = models.DateField(null=True, blank=True, editable=False)
    periods = models.PositiveIntegerField(default=0, editable=False)
    ends_on = models.DateField("last day of service", null=True, blank=True)
    ends_because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(editable=False)

    objects = VendorContractQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "contract with a vendor"
        verbose_name_plural = "contracts with vendors"
        constraints = [
            models.UniqueConstraint(
                fields=("vendor", "reference"),
                name="one_vendor_contract_per_reference",
                violation_error_message="This contract is in the books already.",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="vendor_contract_of_something"),
        ]
        indexes = [models.Index(fields=("vendor", "opens_on", "id"), name="vendor_contract_opens", condition=GOING_ON)]

    def __str__(self) -> str:
        return f"{book().newest(self.vendor).name}: {self.reference}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that binds us; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


class VendorClockQuerySet(models.QuerySet["VendorClock"]):
    """Which of our deadlines are to be looked at, and how a job takes hold of them."""

    def to_watch(self) -> VendorClockQuerySet:
        return self.filter(TO_WATCH)

    def moved(self) -> VendorClockQuerySet:
        """Those that stand behind a customer's contract whose own last day for a notice is another one by now, or is
        none any more; that day as ``theirs``."""
        ends_first = Q(subscription=OuterRef("contract__subscription"), period_end__lte=OuterRef("period_end"))
        own = Period.objects.to_stop().filter(ends_first, subscription__state__in=RUNNING)
        rows = self.filter(FOLLOWS).annotate(theirs=Subquery(own.values("non_renewal_by")[:1]))
        never = Value(date.max)
        both = rows.annotate(was=Coalesce("customers_day", never), now=Coalesce("theirs", never))
        return both.exclude(was=F("now"))

    def claim_moved(self, vendor: str, count: int) -> list[VendorClock]:
        """Locks some of a vendor's that moved, passing over what others hold."""
        rows = self.moved().filter(vendor=vendor).order_by("id")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])

    def claim(self, vendor: str, day: date, count: int) -> list[VendorClock]:
        """Locks some that are to be looked at by a vendor's day, passing over what others hold."""
        rows = self.to_watch().filter(vendor=vendor, look_on__lte=day).order_by("look_on", "id")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


class VendorClock(models.Model):
    """One day by which a contract with a vendor wants something of us, or lets us do something.

    Where a customer's own deadline comes first, that is the day that binds: until then the customer may leave, and the
    vendor's day follows. Staff are warned when four fifths of the time are over, and told when the vendor's day has
    passed. ``period_end`` is the end of our own period, where a customer's day can come before it.
    """

    class Kind(models.TextChoices):
        NON_RENEWAL = "non_renewal", "last day to keep it from renewing"
        PAYMENT = "payment", "payment due"
        DISPUTE = "dispute", "last day to dispute a bill"
        CREDIT_CLAIM = "credit_claim", "last day to claim credits"
        LEAVE = "leave", "last day to leave because of a change"
        CHANGE = "change", "a change takes effect"
        END = "end", "last day of service"

    class State(models.TextChoices):
        OPEN = "open", "to be done"
        MET = "met", "done"
        MISSED = "missed", "missed"
        VOID = "void", "needed no more"

    contract = models.ForeignKey(VendorContract, models.PROTECT, related_name="clocks")
    # Repeats what the contract says, so that a day finds what is due by one index.
    vendor = VendorField()
    sheet = SheetField()
    kind = models.CharField(max_length=12, choices=Kind)
    about = models.CharField(max_length=80, help_text="The period, the bill, the month or the change.")
    since = models.DateField("runs since", help_text="When its time began.")
    period_end = models.DateField(null=True, blank=True, editable=False)
    due_on = models.DateField("the vendor's day")
    customers_day = models.DateField(null=True, blank=True, help_text="Our customer's own deadline, where it has one.")
    binds_on = models.DateField("to be done by", help_text="The earlier of the two.")
    warn_on = models.DateField()
    look_on = models.DateField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    warned_on = models.DateField(null=True, blank=True)
    missed_on = models.DateField(null=True, blank=True)
    met_on = models.DateField("done on", null=True, blank=True)
    notice = models.ForeignKey(ReceivedNotice, models.PROTECT, null=True, blank=True, related_name="vendor_clocks")
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(editable=False)

    objects = VendorClockQuerySet.as_manager()

    class Meta:
        ordering = ("binds_on", "id")
        verbose_name = "deadline of ours with a vendor"
        verbose_name_plural = "deadlines of ours with vendors"
        constraints = [
            models.UniqueConstraint(fields=("contract", "kind", "about"), name="one_vendor_clock_per_period"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="vendor_clock_kind"),
            models.CheckConstraint(condition=Q(binds_on__lte=F("due_on")), name="vendor_clock_binds_in_time"),
            models.CheckConstraint(
                condition=Q(state="open", met_on=None, missed_on=None)
                | Q(state="met", met_on__isnull=False, look_on=None)
                | Q(state="missed", missed_on__isnull=False, look_on=None, met_on=None)
                | Q(state="void", look_on=None, met_on=None, missed_on=None),
                name="vendor_clock_state",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "look_on", "id"), name="vendor_clock_to_watch", condition=TO_WATCH),
            models.Index(fields=("vendor", "id"), name="vendor_clock_follows", condition=FOLLOWS),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())} ({self.about}), {day_words(self.binds_on)}"
