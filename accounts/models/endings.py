"""How contracts come to their end by request, by death or merger, what is taken back, and what becomes of the data."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from accounts.models.amendments import AmendmentNotice
from accounts.models.erasure import Disposal
from accounts.models.notices import Notice
from accounts.models.states import Reason
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.words import day_words


class PlannedEndQuerySet(models.QuerySet["PlannedEnd"]):
    def standing(self) -> PlannedEndQuerySet:
        """Those that were not taken back, the earliest end first."""
        return self.filter(taken_back_on=None).order_by("ends_on", "id")

    def notices_of(self, by: str) -> PlannedEndQuerySet:
        """Notices to stop that one side gave and that stand."""
        return self.standing().filter(reason=Reason.NOTICE, by=by)


class PlannedEnd(models.Model):
    """One thing that ends a contract after a day: a notice to stop, a change that its customer leaves over, the end of
    a service. Each stands by itself, so that taking one back leaves the others; the earliest is the last day.
    """

    class By(models.TextChoices):
        CUSTOMER = "customer", "customer"
        VENDOR = "vendor", "vendor"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="planned_ends")
    reason = models.CharField("because", max_length=16, choices=Reason)
    by = models.CharField("from the", max_length=8, choices=By)
    told_on = models.DateField(help_text="When it was told, or counted as received.")
    ends_on = models.DateField("last day of service")
    amendment_notice = models.ForeignKey(
        AmendmentNotice, models.PROTECT, null=True, blank=True, related_name="planned_ends", help_text="What ends it."
    )
    taken_back_on = models.DateField(null=True, blank=True)
    sheet = models.CharField(max_length=80)
    because = models.JSONField("clauses", default=list, blank=True)

    objects = PlannedEndQuerySet.as_manager()

    class Meta:
        ordering = ("subscription_id", "ends_on", "id")
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="planned_end_reason"),
            models.CheckConstraint(condition=Q(by__in=["customer", "vendor"]), name="planned_end_by"),
        ]

    def __str__(self) -> str:
        return f"End of subscription {self.subscription_id} on {day_words(self.ends_on)}"


class EndRequest(models.Model):
    """That a customer asked for an end before its time, which is complete when that was told it."""

    subscription = models.OneToOneField(Subscription, models.PROTECT, related_name="end_request")
    sheet = SheetField()
    asked_on = models.DateField()
    notice = models.OneToOneField(
        Notice, models.PROTECT, null=True, blank=True, related_name="completes", help_text="Tells that it is done."
    )
    ended_on = models.DateField(null=True, blank=True)
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(notice__isnull=False), name="end_request_told_first"
            )
        ]
        indexes = [
            models.Index(
                fields=("notice",), name="end_to_complete", condition=Q(ended_on__isnull=True, notice__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"End of subscription {self.subscription_id} asked for on {day_words(self.asked_on)}"


class NoticeWithdrawal(models.Model):
    """That a notice to stop was taken back: which end it had set, and what allowed it."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="withdrawals")
    sheet = SheetField()
    on = models.DateField()
    notice_on = models.DateField(help_text="When the notice had come.")
    ends_on = models.DateField(help_text="The end that it had set.")
    agreed = models.BooleanField(default=False, help_text="The vendor agreed, where the contract is silent.")
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Notice of {day_words(self.notice_on)} for subscription {self.subscription_id} taken back"


# Mergers that the vendor can still answer by ending the contract; the index below has the same condition.
MAY_END = Q(state="open", may_end_until__isnull=False)


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def to_pass_on(self) -> SuccessionQuerySet:
        """Mergers over which the contract may be ended; passed on when ``may_end_until`` is over."""
        return self.filter(MAY_END)

    def claim(self, vendor: str, last: date, count: int) -> list[Succession]:
        """Locks some of a vendor's whose last day is reached, passing over what others hold."""
        due = self.to_pass_on().filter(vendor=vendor, may_end_until__lte=last).order_by("may_end_until", "id")
        return list(due.select_for_update(skip_locked=True)[:count])


class Succession(models.Model):
    """That an account holder died or merged, and what the contract makes of it."""

    class Event(models.TextChoices):
        DEATH = "death", "death"
        MERGER = "merger", "merger"

    class State(models.TextChoices):
        OPEN = "open", "the vendor may end the contract"
        PASSED_ON = "passed_on", "who follows has taken it over"
        ENDED = "ended", "the contract ended"
        VOID = "void", "was not told in the form that counts"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="successions")
    vendor = VendorField()
    sheet = SheetField()
    event = models.CharField(max_length=6, choices=Event)
    told_on = models.DateField()
    in_writing = models.BooleanField()
    may_end_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State)
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "event"), condition=~Q(state="void"), name="one_succession_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(event__in=["death", "merger"]), name="succession_event"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "passed_on", "ended", "void"]), name="succession_state"
            ),
        ]
        indexes = [models.Index(fields=("vendor", "may_end_until", "id"), name="succession_open", condition=MAY_END)]

    def __str__(self) -> str:
        return f"{capfirst(self.get_event_display())} told for subscription {self.subscription_id}"


# What is still to come of an ended contract's data; the index below has the same condition.
TO_COME = Q(state="waiting")


class DataStepQuerySet(models.QuerySet["DataStep"]):
    def to_come(self) -> DataStepQuerySet:
        """Steps that are due on ``due_on`` and were not yet."""
        return self.filter(TO_COME)

    def claim(self, vendor: str, day: date, count: int) -> list[DataStep]:
        """Locks some that are due on a vendor's day, passing over what others hold."""
        due = self.to_come().filter(vendor=vendor, due_on__lte=day).order_by("due_on", "id")
        return list(due.select_for_update(skip_locked=True)[:count])


class DataStep(models.Model):
    """One thing that becomes of an account or its data, when, and whether it was done.

    What lies in the vendor's systems is done there: we give the instruction and keep its confirmation.
    """

    class Kind(models.TextChoices):
        MIGRATION = "migration", "the time to move data is over"
        CLOSE = "close", "the account is closed"
        DISCONNECT = "disconnect", "the users are disconnected"
        DELETE = "delete", "the data is deleted"
        BACKUPS = "backups", "the backups are gone"
        EXCLUSION = "exclusion", "the space is left out of the backups"

    class State(models.TextChoices):
        WAITING = "waiting", "to come"
        DUE = "due", "to be instructed"
        INSTRUCTED = "instructed", "instructed"
        DONE = "done", "done"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="data_steps")
    vendor = VendorField()
    sheet = SheetField()
    kind = models.CharField(max_length=10, choices=Kind)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    instructed_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    disposal = models.ForeignKey(Disposal, models.PROTECT, null=True, blank=True, related_name="data_steps")
    because = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()

    objects = DataStepQuerySet.as_manager()

    class Meta:
        verbose_name = "step with data"
        verbose_name_plural = "steps with data"
        ordering = ("subscription_id", "due_on", "id")
        constraints = [
            models.UniqueConstraint(fields=("subscription", "kind"), name="one_data_step_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["migration", "close", "disconnect", "delete", "backups", "exclusion"]),
                name="data_step_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "due", "instructed", "done"]), name="data_step_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="instructed") | Q(instructed_on__isnull=False), name="data_step_instructed_dated"
            ),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_on__isnull=False), name="data_step_done_dated"),
        ]
        indexes = [models.Index(fields=("vendor", "due_on", "id"), name="data_step_to_come", condition=TO_COME)]

    def __str__(self) -> str:
        return f"Subscription {self.subscription_id}: {self.get_kind_display()} on {day_words(self.due_on)}"
