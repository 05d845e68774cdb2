"""What staff do with a request for support: answer it, work around and correct an error, give it another priority."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts import tickets
from accounts.admin.act_forms import ActForm, choice_field, day_field
from accounts.admin.acts import Act
from accounts.models import Reclassification, Ticket
from backoffice.terms.decision import Decision

Given = Mapping[str, Any]
State = Ticket.State
AT_WORK = (State.OPEN, State.ANSWERED)


class WorkAroundForm(ActForm):
    """When the next release comes, which may have to hold the permanent correction."""

    next_release_on = day_field("The next release is planned for", required=False, help_text="Empty if none is.")


class PriorityForm(ActForm):
    """Another priority, and who asks for it."""

    priority = choice_field([], "Priority")
    by = choice_field(Reclassification.By.choices, "Asked for by")

    def __init__(self, data: Given | None, row: Ticket, user: Any) -> None:
        super().__init__(data, row, user)
        self.fields["priority"].choices = [(one, one) for one in others(row)]  # type: ignore[attr-defined]


def others(ticket: Ticket) -> list[str]:
    """The priorities that its contract names beside the one it has."""
    support = ticket.terms.support
    return [one for one in support.priorities if one != ticket.priority] if support else []


def _answer(row: Ticket, given: Given, on: date, at: datetime) -> None:
    tickets.answer(ticket=row, at=at)


def _work_around(row: Ticket, given: Given, on: date, at: datetime) -> Decision[Any]:
    tickets.work_around(ticket=row, at=at, **given)
    return tickets.ask_correction(row, given["next_release_on"])


def _correct(row: Ticket, given: Given, on: date, at: datetime) -> None:
    tickets.correct(ticket=row, at=at)


def _reclassify(row: Ticket, given: Given, on: date, at: datetime) -> Decision[Any] | None:
    return tickets.ask_due(tickets.reclassify(ticket=row, at=at, **given))


def _close(row: Ticket, given: Given, on: date, at: datetime) -> None:
    tickets.close(ticket=row, at=at)


TICKET_ACTS = (
    Act("answer", "It is answered", _answer, fits=lambda row: row.state == State.OPEN),
    Act(
        "work-around",
        "It is worked around",
        _work_around,
        WorkAroundForm,
        "errors.correct",
        lambda row: row.state in AT_WORK and row.worked_around_at is None,
    ),
    Act(
        "correct",
        "It is corrected for good",
        _correct,
        fits=lambda row: row.state in AT_WORK and row.fixed_at is None,
    ),
    Act(
        "reclassify",
        "Give it another priority",
        _reclassify,
        PriorityForm,
        "support.due",
        lambda row: row.state in (*tickets.LIVE, State.ANSWERED) and bool(others(row)),
    ),
    Act("close", "Close it", _close, fits=lambda row: row.state in (*tickets.LIVE, State.ANSWERED)),
)
