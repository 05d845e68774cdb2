"""What customers did against the rules of use, who reported it, and what was done about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from accounts.models.people import EndUser
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book
from backoffice.terms.words import spoken

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

# Every move of a case that there is; the database refuses any other.
CASE_MOVES: dict[str, tuple[str, ...]] = {
    "": ("open",),
    "open": ("warned", "revoked", "suspended", "terminated", "closed"),
    "warned": ("revoked", "suspended", "cured", "terminated", "closed"),
    "revoked": ("warned", "suspended", "cured", "terminated", "closed"),
    "suspended": ("restored", "cured", "terminated", "closed"),
    "restored": ("cured", "terminated", "closed"),
}
LIVE_CASES = ("open", "warned", "revoked", "suspended", "restored")
# Cases that a day can find to look at; the index below has the same condition.
TO_LOOK_AT = Q(state__in=LIVE_CASES, look_on__isnull=False)


class ConductCaseQuerySet(models.QuerySet["ConductCase"]):
    """Which cases go on, and how the job takes hold of them."""

    def live(self) -> ConductCaseQuerySet:
        return self.filter(state__in=LIVE_CASES)

    def breaches(self) -> ConductCaseQuerySet:
        """Cases in which it was found that the rules were broken."""
        return self.filter(found_on__isnull=False)

    def to_look_at(self) -> ConductCaseQuerySet:
        """Cases with a time that runs: the customer's to put it right, or a suspension's; over by ``look_on``."""
        return self.filter(TO_LOOK_AT)

    def to_decide(self) -> ConductCaseQuerySet:
        """Cases that wait for staff: new ones, and those whose time is over."""
        return self.filter(Q(state="open") | Q(state__in=LIVE_CASES, time_over_on__isnull=False))

    def claim(self, vendor: str, day: date, count: int) -> list[ConductCase]:
        """Locks some that are due on a vendor's day, passing over what others hold."""
        due = self.to_look_at().filter(vendor=vendor, look_on__lte=day).order_by("look_on", "id")
        rows = due.select_related("subscription__customer")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


class ConductCase(models.Model):
    """One violation of the rules of use by a customer, as its contract's list calls it.

    ``sheet`` is the subscription's own version of the terms: it says what may be done. A case is a breach on file from
    the day on which the vendor first acted on it (``found_on``) until it is put right (``over_on``).
    """

    class State(models.TextChoices):
        OPEN = "open", "to be decided"
        WARNED = "warned", "warned"
        REVOKED = "revoked", "access taken away"
        SUSPENDED = "suspended", "suspended"
        RESTORED = "restored", "served again, under watch"
        CURED = "cured", "put right"
        TERMINATED = "terminated", "contract ended"
        CLOSED = "closed", "closed"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="conduct_cases")
    # Repeats what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    sheet = SheetField()
    violation = models.CharField(max_length=64, help_text="As the contract's list calls it.")
    facts = models.TextField(help_text="What was found. The customer is told this, word for word.")
    end_user = models.ForeignKey(EndUser, models.PROTECT, null=True, blank=True, related_name="conduct_cases")
    opened_on = models.DateField()
    remediable = models.BooleanField("can be put right", default=True)
    urgent = models.BooleanField("emergency", default=False)
    hindering = models.BooleanField("clearly hinders the service", default=False)
    repeated = models.BooleanField("went on after the service was restored", default=False)
    helped_another = models.BooleanField("done by somebody whom the customer helped", default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_on = models.DateField("breach since", null=True, blank=True, help_text="When the vendor first acted on it.")
    over_on = models.DateField("breach until", null=True, blank=True, help_text="When it was put right or ended.")
    told_on = models.DateField("told on", null=True, blank=True, help_text="When the customer's time began to run.")
    cure_until = models.DateField("put right by", null=True, blank=True, help_text="Empty where no time is given.")
    cured_on = models.DateField("put right on", null=True, blank=True)
    suspended_on = models.DateField(null=True, blank=True)
    suspended_until = models.DateField(null=True, blank=True, help_text="Last day; empty until it is put right.")
    look_on = models.DateField(null=True, blank=True, help_text="First day after a time that runs.")
    time_over_on = models.DateField(null=True, blank=True, help_text="When the time to put it right was over.")
    fees = models.JSONField(default=list, blank=True, help_text="What the suspension costs; billing charges it.")
    lost = models.JSONField(default=list, blank=True, help_text="What the customer loses: refund, credit.")
    because = models.JSONField("clauses", default=list, blank=True)
    created_at = models.DateTimeField()

    objects = ConductCaseQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "violation"), condition=Q(state__in=LIVE_CASES), name="one_case_per_violation"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*LIVE_CASES, "cured", "terminated", "closed"]), name="conduct_case_state"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed"]) | Q(found_on__isnull=False), name="conduct_case_found"
            ),
            models.CheckConstraint(
                condition=Q(over_on__isnull=True) | Q(found_on__isnull=False, over_on__gte=F("found_on")),
                name="conduct_case_over_after",
            ),
            models.CheckConstraint(
                condition=~Q(state="cured") | Q(cured_on__isnull=False), name="conduct_case_cured_on"
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_on__isnull=False), name="conduct_case_suspended_on"
            ),
            models.CheckConstraint(
                condition=Q(suspended_until__isnull=True)
                | Q(suspended_on__isnull=False, suspended_until__gte=F("suspended_on")),
                name="conduct_case_suspended_until",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "look_on", "id"), name="conduct_to_look_at", condition=TO_LOOK_AT),
            models.Index(
                fields=("subscription", "found_on"), name="conduct_breach", condition=Q(found_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(spoken(self.violation))} (subscription {self.subscription_id})"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges it; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


class ConductStep(models.Model):
    """One thing that was done about a case, or that the contract did not allow; never changed afterwards."""

    class Kind(models.TextChoices):
        OPENED = "opened", "opened"
        WARNED = "warned", "the customer was warned"
        REVOKED = "revoked", "access was taken away"
        SUSPENDED = "suspended", "the service was suspended"
        RESTORED = "restored", "the time of the suspension was over"
        TIME_OVER = "time_over", "the time to put it right was over"
        CURED = "cured", "it was put right"
        TERMINATED = "terminated", "the contract was ended"
        CLOSED = "closed", "the case was closed"
        REFUSED = "refused", "the contract did not allow it"

    case = models.ForeignKey(ConductCase, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    asked = models.CharField(max_length=10, blank=True, help_text="What the contract did not allow.")
    from_state = models.CharField("from", max_length=10, choices=ConductCase.State, blank=True)
    to_state = models.CharField("to", max_length=10, choices=ConductCase.State)
    on = models.DateField()
    says = models.TextField(help_text="What the contract answered, in a sentence.")
    because = models.JSONField("clauses", default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("case_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("case", "kind"), condition=~Q(kind="refused"), name="one_step_of_a_kind"),
            models.CheckConstraint(
                condition=Q(from_state=F("to_state"))
                | Q(*(Q(from_state=old, to_state__in=new) for old, new in CASE_MOVES.items()), _connector="OR"),
                name="conduct_step_allowed",
            ),
            models.CheckConstraint(
                condition=Q(kind="refused") & ~Q(asked="") | ~Q(kind="refused") & Q(asked=""), name="conduct_step_asked"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AbuseReport(models.Model):
    """That somebody reported a violation: who, how to be reached, and whether the contract looks at it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits to be looked at"
        REFUSED = "refused", "refused"
        CASE = "case", "became a case"
        DISMISSED = "dismissed", "looked at, no violation"

    vendor = VendorField()
    sheet = SheetField()
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, null=True, blank=True, related_name="abuse_reports",
        help_text="Whose contract it is about; empty while that is not known.",
    )  # fmt: skip
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail", blank=True)
    email_works = models.BooleanField("the e-mail works", default=False)
    phone = models.CharField("telephone", max_length=40, blank=True)
    phone_works = models.BooleanField("the telephone works", default=False)
    hands_on_mail = models.BooleanField("hands on a mail", default=False)
    full_headers = models.BooleanField("the mail has all its headers", default=False)
    text = models.TextField()
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State)
    lacks = models.JSONField(default=list, blank=True, help_text="What the contract wants of a report and it has not.")
    wanted = models.JSONField(default=list, blank=True, help_text="What it should be completed by.")
    because = models.JSONField("clauses", default=list, blank=True)
    case = models.ForeignKey(ConductCase, models.PROTECT, null=True, blank=True, related_name="reports")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "refused", "case", "dismissed"]), name="abuse_report_state"
            ),
            models.CheckConstraint(
                condition=Q(state="case", case__isnull=False) | ~Q(state="case") & Q(case__isnull=True),
                name="abuse_report_case",
            ),
            models.CheckConstraint(condition=Q(email_works=False) | ~Q(email=""), name="abuse_report_email_given"),
            models.CheckConstraint(condition=Q(phone_works=False) | ~Q(phone=""), name="abuse_report_phone_given"),
        ]
        indexes = [models.Index(fields=("vendor", "id"), name="abuse_report_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"Report {self.pk}"


# Requests whose time runs; the index below holds these only.
EVIDENCE_WAITING = Q(state="waiting")


class EvidenceRequestQuerySet(models.QuerySet["EvidenceRequest"]):
    """Which requests wait for the customer, and how the poll takes hold of those that an alarm is due for."""

    def waiting(self) -> EvidenceRequestQuerySet:
        return self.filter(EVIDENCE_WAITING)

    def to_alarm(self, at: datetime) -> EvidenceRequestQuerySet:
        """Those that have reached the moment of their next alarm, the longest overdue first."""
        return self.waiting().filter(alarm_at__lte=at).order_by("alarm_at", "id")

    def claim(self, count: int) -> list[EvidenceRequest]:
        """Locks some rows until the transaction ends, passing over what others hold."""
        rows = self.select_related("subscription__customer")
        return list(rows.select_for_update(of=("self",), skip_locked=True)[:count])


class EvidenceRequest(models.Model):
    """That a customer was asked to show that those it writes to agreed to it, and by when the contract wants that."""

    class State(models.TextChoices):
        WAITING = "waiting", "waits for the customer"
        SHOWN = "shown", "shown"
        MISSED = "missed", "not shown in time"

    class By(models.TextChoices):
        VENDOR = "vendor", "the vendor"
        RECIPIENT = "recipient", "a recipient"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="evidence_requests")
    vendor = VendorField()
    sheet = SheetField()
    asked_by = models.CharField(max_length=9, choices=By)
    mailing = models.CharField(max_length=200, help_text="Which mailing it is about; names no recipient.")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="Empty where the contract gives no time.")
    counts_as = models.CharField(max_length=64, blank=True, help_text="The violation that it is if nothing is shown.")
    alarm_at = models.DateTimeField(null=True, blank=True, help_text="When the next alarm rings; empty for none.")
    alarmed = models.PositiveSmallIntegerField(default=0, help_text="Part of the time, in percent, an alarm told of.")
    shown_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    because = models.JSONField("clauses", default=list, blank=True)
    case = models.ForeignKey(ConductCase, models.PROTECT, null=True, blank=True, related_name="evidence_requests")
    created_at = models.DateTimeField()

    objects = EvidenceRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "mailing"), condition=EVIDENCE_WAITING, name="one_evidence_request_a_mailing"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "shown", "missed"]), name="evidence_request_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(shown_at__isnull=False), name="evidence_request_shown_at"
            ),
            models.CheckConstraint(
                condition=Q(alarm_at=None) | Q(state="waiting", due_at__isnull=False), name="evidence_alarm_of_waiting"
            ),
        ]
        indexes = [models.Index(fields=("alarm_at", "id"), name="evidence_to_alarm", condition=EVIDENCE_WAITING)]

    def __str__(self) -> str:
        return f"Consent to {self.mailing}"

    @property
    def terms(self) -> Sheet:
        """The version of the contract that judges it; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)


class EvidenceAlarm(models.Model):
    """That a part of a request's time was over. Each part rings once, whoever polls and how often."""

    request = models.ForeignKey(EvidenceRequest, models.PROTECT, related_name="alarms")
    percent = models.PositiveSmallIntegerField(help_text="Part of the time that was over.")
    rang_at = models.DateTimeField()

    class Meta:
        ordering = ("request_id", "id")
        constraints = [
            models.UniqueConstraint(fields=("request", "percent"), name="one_evidence_alarm_a_part"),
            models.CheckConstraint(condition=Q(percent__in=[80, 100]), name="evidence_alarm_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% of the time is over"
