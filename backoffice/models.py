"""What the house itself remembers: which job was done for which day, and what has to leave it (the outbox)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One job for one vendor's local day: exactly one row for each, however many processes share the work."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    job = models.CharField(max_length=80)
    vendor = models.CharField(max_length=64)
    day = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    expected = models.PositiveIntegerField(default=0, help_text="Rows that were due when the job began.")
    count = models.PositiveIntegerField(default=0, help_text="Rows done so far.")
    failures = models.PositiveIntegerField(default=0, help_text="How often the job has failed on this day.")
    error = models.TextField(blank=True, help_text="Why it failed the last time; empty once it is done.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0, help_text="Working time of all processes together.")

    class Meta:
        ordering = ("-day", "vendor", "id")
        constraints = [
            models.UniqueConstraint(fields=("vendor", "day", "job"), name="one_run_per_job_and_day"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "running", "done", "failed"]), name="run_state"),
        ]
        indexes = [models.Index(fields=("vendor", "day"), name="run_unfinished", condition=~Q(state="done"))]

    def __str__(self) -> str:
        return f"{self.vendor}, {self.day}: {self.job}"


class Event(models.Model):
    """Something that has to leave the house (a letter), written in the transaction that made it due.

    ``payload`` holds ids only: whoever delivers it reads the rest from the row that the ids name. ``key`` names the
    obligation, so the same letter is never queued twice.
    """

    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    created_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(help_text="Not tried before this moment; a failed try moves it.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="Until then one sender has it in hand.")
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="When it was given up after too many tries.")
    error = models.TextField(blank=True, help_text="Why the last try failed; empty once it is done.")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(failed_at=None), name="event_done_or_failed"),
        ]
        indexes = [
            models.Index(fields=("due_at",), name="event_open", condition=Q(done_at=None, failed_at=None)),
        ]

    def __str__(self) -> str:
        return self.key
