"""Changes of contracts: what changes, whom it reaches and how, who claims or leaves because of it, and which version of
the terms judged a contract from when on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst

from accounts.models.agreements import ContractDocument
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.book import book
from backoffice.terms.money import from_minor
from backoffice.terms.words import day_words

if TYPE_CHECKING:
    from backoffice.terms.sheet import Sheet

SUBJECTS = ("terms", "aup", "sla", "price", "service_end", "policy")
# What a day can find; the indexes below have the same conditions.
TO_PLAN = Q(planned_on__isnull=True)
TO_TELL = Q(state="planned")
TO_MOVE = Q(state="told", moves_on__isnull=False)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Which changes have not reached all their contracts yet."""

    def to_plan(self) -> AmendmentQuerySet:
        return self.filter(TO_PLAN)

    def claim(self, vendor: str, day: date) -> Amendment | None:
        """Locks one change that is to be planned by a vendor's day, passing over what others hold."""
        rows = self.to_plan().filter(vendor=vendor, published_on__lte=day).order_by("published_on", "id")
        return rows.select_for_update(skip_locked=True).first()


class Amendment(models.Model):
    """One change of a vendor's contract: from one version of its terms to another, or of a price, a service, a policy.

    With versions it reaches the contracts that are judged by the old one, without them all of the vendor's contracts,
    or those of one plan. ``reached`` is the last contract that it was planned for.
    """

    class Subject(models.TextChoices):
        TERMS = "terms", "terms"
        AUP = "aup", "acceptable use policy"
        SLA = "sla", "service level agreement"
        PRICE = "price", "price"
        SERVICE_END = "service_end", "end of a service"
        POLICY = "policy", "privacy policy"

    vendor = VendorField()
    subject = models.CharField(max_length=16, choices=Subject)
    old_sheet = SheetField("version before", blank=True)
    new_sheet = SheetField("new version", blank=True)
    plan = models.CharField(max_length=100, blank=True, help_text="Empty for every plan.")
    text = models.TextField("what changes", blank=True, help_text="In our own words; the letter says it so.")
    changes = models.JSONField(default=list, blank=True, editable=False)
    document = models.ForeignKey(
        ContractDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        help_text="The new text. The ones before it stay in the archive.",
    )
    currency = models.CharField(max_length=3, blank=True)
    old_price_minor = models.BigIntegerField("old price in minor units", null=True, blank=True)
    new_price_minor = models.BigIntegerField("new price in minor units", null=True, blank=True)
    emergency = models.BooleanField("in an emergency", default=False)
    exempt = models.BooleanField("follows from the law or a change of the contract", default=False)
    published_on = models.DateField(help_text="The vendor's day on which it was entered.")
    tell_on = models.DateField("customers are told on")
    reached = models.BigIntegerField(default=0, editable=False)
    planned_on = models.DateField("planned on", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("old_sheet", "new_sheet"),
                condition=~Q(new_sheet=""),
                name="one_amendment_per_versions",
                violation_error_message="This change of versions is published already.",
            ),
            models.CheckConstraint(condition=Q(subject__in=SUBJECTS), name="amendment_subject"),
            models.CheckConstraint(
                condition=Q(old_sheet="", new_sheet="") | ~Q(old_sheet="") & ~Q(new_sheet=""), name="amendment_versions"
            ),
            models.CheckConstraint(condition=Q(tell_on__gte=F("published_on")), name="amendment_told_later"),
            models.CheckConstraint(
                condition=Q(old_price_minor__isnull=True, new_price_minor__isnull=True)
                | Q(old_price_minor__gte=0, new_price_minor__gte=0) & ~Q(currency=""),
                name="amendment_prices",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "published_on", "id"), name="amendment_to_plan", condition=TO_PLAN),
            models.Index(fields=("old_sheet",), name="amendment_of_version"),
        ]

    def __str__(self) -> str:
        return f"{book().newest(self.vendor).name}: {self.get_subject_display()}, told on {day_words(self.tell_on)}"

    @property
    def prices(self) -> tuple[Decimal, Decimal] | None:
        if self.old_price_minor is None or self.new_price_minor is None:
            return None
        return from_minor(self.old_price_minor, self.currency), from_minor(self.new_price_minor, self.currency)

    def clean(self) -> None:
        """What the form can get wrong, by field."""
        if self.published_on and self.tell_on and self.tell_on < self.published_on:
            raise ValidationError({"tell_on": "Nobody can be told on a day that is over."})


class AmendmentNoticeQuerySet(models.QuerySet["AmendmentNotice"]):
    """What is to be done about changes that have reached a contract, and how a job takes hold of it."""

    def to_tell(self) -> AmendmentNoticeQuerySet:
        return self.filter(TO_TELL)

    def to_move(self) -> AmendmentNoticeQuerySet:
        """Those that were told and take effect on ``moves_on``."""
        return self.filter(TO_MOVE)

    def claim(self, vendor: str, column: str, day: date, count: int) -> list[AmendmentNotice]:
        """Locks some that are due on a vendor's day, and their contracts, passing over what others hold."""
        due = self.filter(vendor=vendor, **{f"{column}__lte": day}).order_by(column, "id")
        rows = due.select_related("amendment", "subscription__customer")
        return list(rows.select_for_update(of=("self", "subscription"), skip_locked=True)[:count])


class AmendmentNotice(models.Model):
    """That a change reaches one contract: when its customer is told, when it takes effect, until when who may leave.

    ``sheet`` is the version that judges the contract when it is told, and so says what a change may do to it. What the
    contract does not allow to be changed by a notice takes effect only if the customer agrees.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "to be told"
        TOLD = "told", "told, not in effect yet"
        OFFERED = "offered", "told, needs the customer's consent"
        IN_EFFECT = "in_effect", "in effect"
        LEFT = "left", "the customer leaves"
        WAIVED = "waived", "waived"
        UNTOLD = "untold", "the letter came back"
        OVER = "over", "the contract was over before"

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="notices")
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="amendment_notices")
    # Repeats what the subscription says, so that a day finds what is due by one index.
    vendor = VendorField()
    sheet = SheetField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    tell_on = models.DateField("to be told on")
    told_on = models.DateField(null=True, blank=True)
    times_told = models.PositiveSmallIntegerField(default=0)
    given_on = models.DateField(
        "counts as told on", null=True, blank=True, help_text="When the letter counts as received."
    )
    effective_on = models.DateField("takes effect on", null=True, blank=True)
    leave_until = models.DateField("may leave until", null=True, blank=True)
    only_if_material = models.BooleanField("only whom it materially affects may leave", default=False)
    may_dissolve = models.BooleanField(default=False)
    keep_until = models.DateField("old version may be kept until", null=True, blank=True)
    moves_on = models.DateField("changes this contract on", null=True, blank=True)
    done_on = models.DateField("state since", null=True, blank=True)
    because = models.JSONField(default=list, blank=True)

    objects = AmendmentNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "contract that a change reaches"
        verbose_name_plural = "contracts that changes reach"
        constraints = [
            models.UniqueConstraint(fields=("amendment", "subscription"), name="one_notice_per_amendment"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "told", "offered", "in_effect", "left", "waived", "untold", "over"]),
                name="amendment_notice_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["told", "offered", "in_effect"]) | Q(told_on__isnull=False),
                name="amendment_told_before_effect",
            ),
            models.CheckConstraint(
                condition=~Q(state="told") | Q(moves_on__isnull=False, effective_on__isnull=False),
                name="amendment_told_takes_effect",
            ),
        ]
        indexes = [
            models.Index(fields=("vendor", "tell_on", "id"), name="amendment_to_tell", condition=TO_TELL),
            models.Index(fields=("vendor", "moves_on", "id"), name="amendment_to_move", condition=TO_MOVE),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.amendment.get_subject_display())} of subscription {self.subscription_id}"

    @property
    def terms(self) -> Sheet:
        """The version that says what the change may do; KeyError where its sheet is gone from the book."""
        return book().sheet(self.sheet)

    @property
    def obligation(self) -> str:
        """What tells the letter about this change to this contract from every other; it is written anew only where
        the one before came back."""
        again = f"/{self.times_told}" if self.times_told else ""
        return f"{self.amendment_id}/{self.subscription_id}{again}"


class MaterialClaim(models.Model):
    """That a customer says a change materially affects its use, and what became of that."""

    class State(models.TextChoices):
        OPEN = "open", "waits for an answer"
        ACCEPTED = "accepted", "accepted"
        REFUSED = "refused", "not accepted"

    notice = models.OneToOneField(AmendmentNotice, models.PROTECT, related_name="claim")
    received_on = models.DateField()
    words = models.TextField("what the customer says", blank=True)
    in_time = models.BooleanField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answered_on = models.DateField(null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "accepted", "refused"]), name="material_claim_state"),
            models.CheckConstraint(
                condition=Q(state="open", answered_on__isnull=True) | ~Q(state="open") & Q(answered_on__isnull=False),
                name="material_claim_answered",
            ),
        ]
        indexes = [models.Index(fields=("received_on",), name="material_claim_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"Claim of {day_words(self.received_on)} about subscription {self.notice.subscription_id}"


class AmendmentExit(models.Model):
    """That a customer wanted to leave because of a change, and what the contract said to that."""

    notice = models.ForeignKey(AmendmentNotice, models.PROTECT, related_name="exits")
    asked_on = models.DateField()
    in_writing = models.BooleanField()
    allowed = models.BooleanField()
    reason = models.CharField(max_length=16)
    ends_on = models.DateField("last day of service", null=True, blank=True)
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        verbose_name = "exit because of a change"
        verbose_name_plural = "exits because of changes"
        constraints = [
            models.UniqueConstraint(fields=("notice",), condition=Q(allowed=True), name="one_exit_per_amendment"),
            models.CheckConstraint(
                condition=Q(allowed=True, ends_on__isnull=False) | Q(allowed=False, ends_on__isnull=True),
                name="amendment_exit_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.notice.subscription_id} on {day_words(self.asked_on)}"


class Waiver(models.Model):
    """That the vendor was asked to spare one customer a change, and what the contract said to that."""

    notice = models.OneToOneField(AmendmentNotice, models.PROTECT, related_name="waiver")
    on = models.DateField()
    severe = models.BooleanField("would severely harm the customer's business")
    words = models.TextField("why", blank=True)
    allowed = models.BooleanField()
    sheet = SheetField()
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Waiver of {day_words(self.on)} for subscription {self.notice.subscription_id}"


class SheetChange(models.Model):
    """That another version of the terms judges a contract from a day on. What was decided before stays decided."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="sheet_changes")
    amendment_notice = models.OneToOneField(AmendmentNotice, models.PROTECT, related_name="sheet_change")
    on = models.DateField("from")
    old_sheet = SheetField("version before")
    new_sheet = SheetField("new version")
    agreed = models.BooleanField("the customer agreed to it", default=False, help_text="Else it stayed, being told.")
    because = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("subscription_id", "id")
        verbose_name = "change of version"
        verbose_name_plural = "changes of version"
        constraints = [
            models.UniqueConstraint(fields=("subscription", "new_sheet"), name="one_change_to_a_version"),
            models.CheckConstraint(condition=~Q(old_sheet=F("new_sheet")), name="sheet_changed_to_another"),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.subscription_id}: {self.get_new_sheet_display()} from {day_words(self.on)} on"
