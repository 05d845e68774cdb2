"""What staff do with a contract: stop it, serve it again, let it renew or not, tell of a breach, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args

from django import forms

from accounts import services
from accounts.admin.act_forms import ActForm, choice_field, day_field, words_field
from accounts.admin.acts import Act
from accounts.models import RUNNING, Breach, PlannedEnd, Reason, Subscription, Succession
from accounts.services.overdue import ask_support
from backoffice.terms.decision import Decision
from backoffice.terms.sections.ending import Ground

GROUNDS = [(ground, Reason(ground).label) for ground in get_args(Ground)]
Given = Mapping[str, Any]


class StopForm(ActForm):
    how = choice_field([("suspend", "suspend the service"), ("end", "end the contract")], "What to do")
    ground = choice_field(GROUNDS, "Because")
    since = day_field("It exists (a payment: is due) since")
    until = day_field("Suspended until (empty until it is put right)", required=False)


class ResumeForm(ActForm):
    reason = choice_field([("", "all that it is suspended for"), *Reason.choices], "What is over", required=False)


class NoticeForm(ActForm):
    by = choice_field([("customer", "the customer"), ("vendor", "the vendor")], "Who gives notice")


class WithdrawForm(ActForm):
    agreed = forms.BooleanField(label="The vendor has agreed in writing", required=False)


class BreachForm(ActForm):
    kind = choice_field(Breach.Kind.choices, "Kind of breach")
    detail = words_field("What is wrong", required=False, help_text="As the letter will tell it.")
    remediable = forms.BooleanField(label="It can be put right", required=False, initial=True)


class SuccessionForm(ActForm):
    event = choice_field(Succession.Event.choices, "What happened")
    in_writing = forms.BooleanField(label="It was told in writing", required=False)


def _stop(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.stop_at_once(subscription=row, on=on, at=at, **given)


def _resume(row: Subscription, given: Given, on: date, at: datetime) -> None:
    services.resume(subscription=row, on=on, at=at, reason=given["reason"] or None)


def _switch_off(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.give_notice(subscription=row, notice_on=on, by=given["by"])


def _switch_on(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.withdraw_notice(subscription=row, on=on, at=at, agreed=given["agreed"])


def _breach(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.tell_breach(subscription=row, on=on, at=at, **given).decision


def _overdue(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    services.tell_overdue(subscription=row, on=on, at=at)
    return ask_support(row, on)


def _request_end(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.request_end(subscription=row, on=on, at=at)


def _succession(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.note_succession(subscription=row, on=on, at=at, **given)


def _exclude(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.exclude_from_backups(subscription=row, on=on, at=at)


def _runs(row: Subscription) -> bool:
    return row.state in RUNNING


def _noticed(row: Subscription) -> bool:
    return _runs(row) and row.planned_ends.notices_of(PlannedEnd.By.CUSTOMER).exists()


CONTRACT_ACTS = (
    Act("stop", "Suspend or end at once", _stop, StopForm, "service.stop", _runs),
    Act("resume", "Serve it again", _resume, ResumeForm, "", lambda row: row.state == Subscription.State.SUSPENDED),
    Act("notice", "Switch its renewal off", _switch_off, NoticeForm, "term.end", _runs),
    Act("withdraw", "Switch its renewal on again", _switch_on, WithdrawForm, "term.withdraw", _noticed),
    Act("breach", "Tell of a breach", _breach, BreachForm, "breach.end", _runs),
    Act("overdue", "Tell of what is overdue", _overdue, rule="support.overdue", fits=lambda r: bool(r.overdue_since)),
    Act("request", "An end before its time is asked for", _request_end, rule="term.complete", fits=_runs),
    Act("succession", "Note a death or a merger", _succession, SuccessionForm, "succession.follows", _runs),
    Act("exclude", "Leave its space out of the backups", _exclude, rule="data.restore", fits=_runs),
)
