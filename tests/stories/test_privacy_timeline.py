"""Personal data from the first event to the last day of its last retention: a timeline is played, each event stands in a
register with its clause, and when the clock has moved past every retention nothing is left but the books, which verify.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.jobs.privacy import waiting
from accounts.models import (
    AbuseReport,
    DataBreach,
    DataRequest,
    Disposal,
    Erasure,
    InboundMail,
    KeptRecord,
    Notice,
    PersonKey,
    SealedRecord,
    Subscription,
)
from accounts.services.data_requests import answer_request
from backoffice import clocks, days, outbox, verify
from backoffice.models import Run
from backoffice.rehearsal import Happening, report
from backoffice.terms.book import book
from backoffice.timeline import World, play, read_lines
from tests.accounts.everything import everything, left_of
from tests.stories.living import clauses, noon

pytestmark = pytest.mark.django_db

VENDOR = "cryptopass"
# What names somebody; each stands in these events and nowhere else.
PERSONS = [
    "Acme Zqcompany", "zqoffice@acme.example", "zqbills@acme.example", "+33612345678", "12 Zqstreet", "Zqcity",
    "Ada Zqader", "zqada@acme.example", "zqben", "Zqphone", "Zqmuch of it", "Zqhere it is",
]  # fmt: skip
OF_STRANGERS = [
    "Zoe Zqzed",
    "zqzoe@example.net",
    "They zqwrite to all",
    "zqmax@example.org",
    "Zqhello",
    "Who is zqthere",
]
PERSONS += OF_STRANGERS
ERASED = date(2026, 2, 4)


def events() -> Iterator[dict[str, Any]]:
    yield from (
        {"on": "2026-01-05", "do": "price", "vendor": VENDOR, "plan": "Team", "months": 1, "amount": "31.00", "currency": "EUR"},
        {"on": "2026-01-05", "do": "customer", "ref": "acme", "name": "Acme Zqcompany", "email": "zqoffice@acme.example",
         "country": "FR", "billing_email": "zqbills@acme.example", "phone": "+33612345678", "street": "12 Zqstreet",
         "postcode": "75001", "city": "Zqcity"},
        {"on": "2026-01-05", "do": "subscription", "ref": "team", "customer": "acme", "vendor": VENDOR, "plan": "Team", "method": "card"},
        {"on": "2026-01-05", "do": "administrator", "ref": "ada", "customer": "acme", "vendor": VENDOR, "name": "Ada Zqader", "email": "zqada@acme.example"},
        {"on": "2026-01-05", "do": "end user", "ref": "ben", "customer": "acme", "username": "zqben", "device_type": "Zqphone"},
        {"on": "2026-01-05", "do": "licence", "subscription": "team", "number": 1, "user": "ben", "asked_by": "zqada@acme.example"},
        {"on": "2026-01-06", "do": "portal administrator", "administrator": "ada"},
        {"on": "2026-01-06", "do": "identity document", "customer": "acme", "vendor": VENDOR, "kind": "register"},
        {"on": "2026-01-07", "do": "abuse report", "ref": "seen", "vendor": VENDOR, "text": "They zqwrite to all", "first_name": "Zoe Zqzed", "email": "zqzoe@example.net"},
        {"on": "2026-01-07", "do": "abuse report", "ref": "short", "vendor": "securegroup", "text": "They zqwrite to all", "first_name": "Zoe Zqzed", "email": "zqzoe@example.net"},
        {"on": "2026-01-07", "do": "mail comes in", "ref": "hello", "sender": "zqmax@example.org", "subject": "Zqhello", "text": "Who is zqthere"},
        {"on": "2026-01-08", "do": "abuse report dismissed", "report": "seen"},
        {"on": "2026-01-08", "do": "mail is read", "mail": "hello"},
        {"on": "2026-01-09", "do": "own archive", "email": "zqada@acme.example"},
        {"on": "2026-01-09", "do": "data request", "ref": "asked", "user": "ben", "kind": "access", "name": "Ben", "email": "zqada@acme.example", "verified_how": "called back"},
        {"on": "2026-01-10", "do": "data request takes longer", "request": "asked", "reason": "Zqmuch of it"},
        {"on": "2026-01-12", "do": "data request answered", "request": "asked", "answer": "Zqhere it is"},
        {"on": "2026-01-12", "do": "data breach", "ref": "lost", "what": "A laptop was lost.", "categories": "names of users", "risk": "high", "persons": 2, "vendor": VENDOR},
        {"on": "2026-01-13", "do": "data breach told to the authority", "breach": "lost"},
        {"on": "2026-01-13", "do": "own erasure asked", "ref": "too early", "email": "zqada@acme.example"},
        {"on": "2026-01-14", "do": "data request answered", "request": "too early"},
        {"on": "2026-01-14", "do": "erase", "customer": "acme"},
        {"on": "2026-01-14", "do": "notice to stop", "subscription": "team"},
        {"on": "2026-02-03", "do": "administrator goes", "administrator": "ada"},
        {"on": "2026-02-03", "do": "bank statement"},
        {"on": "2026-02-03", "do": "data request", "ref": "forget us", "customer": "acme", "kind": "erasure", "name": "Acme Zqcompany", "email": "zqoffice@acme.example", "verified_how": "letter"},
        {"on": "2026-02-04", "do": "data request answered", "request": "forget us"},
    )  # fmt: skip


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def played(commit: Any, lines: Iterable[dict[str, Any]], until: date, world: World) -> list[Happening]:
    """What a rehearsal tells when these events were played to a day."""
    entries = read_lines([json.dumps(line).encode() for line in lines])
    with commit(execute=True):
        *_, last = play(entries, until, world=world)
    told = report(entries, last, world)
    assert not told.undone
    return list(told.happened)


def verified(at: datetime) -> None:
    assert {one.name: one.told for one in verify.verify(at=at) if one.wrong} == {}


def test_every_event_stands_in_a_register_with_its_clause(media: Path, django_capture_on_commit_callbacks: Any) -> None:
    happened = played(django_capture_on_commit_callbacks, events(), date(2026, 2, 5), World())
    own, asked, early, erased = DataRequest.objects.order_by("id")
    assert [(one.kind, one.state, one.in_portal) for one in (own, asked, early, erased)] == [
        ("access", "granted", True), ("access", "granted", False), ("erasure", "refused", True), ("erasure", "granted", False),
    ]  # fmt: skip
    assert all({"8.5", "GDPR 12(3)"} <= clauses(one) and one.due_at is not None for one in (own, asked, early, erased))
    assert asked.answer_by == date(2026, 4, 9) and asked.extended_on == date(2026, 1, 10)
    assert early.erasure is not None and (early.erasure.refused_for, clauses(early.erasure)) == (
        "serves",
        {"GDPR 17(1)(a)"},
    )
    assert erased.erasure is not None and erased.erasure.state == Erasure.State.DONE
    assert clauses(erased.erasure) == {"GDPR 17(1)", "GDPR 17(3)(b)"}
    assert Erasure.objects.filter(refused_for="contract_open").count() == 1, "staff were told why not yet"
    breach = DataBreach.objects.get()
    assert breach.authority_told_at == noon(date(2026, 1, 13)) and {"8.7", "GDPR 33(1)"} <= clauses(breach)
    assert breach.alarm_at is None and breach.persons_told_at == noon(date(2026, 1, 12))
    assert AbuseReport.objects.get(vendor="securegroup").state == "refused"
    assert {one.retention for one in KeptRecord.objects.all()} == {"report", "mail"}
    told = {(one.kind, one.name) for one in happened}
    assert {("data request", "too early"), ("data request", "forget us"), ("data breach", "lost")} <= told
    erasure = next(one for one in happened if one.kind == "disposal" and one.says.startswith("Erased on request"))
    assert [item["clause"] for item in erasure.because] == ["GDPR 17(1)", "GDPR 17(3)(b)"]
    assert "Not now: a contract with this customer still runs" in "".join(one.says for one in happened)
    for kind in ("data_request", "data_breach", "data_information"):
        assert Notice.objects.filter(kind=kind).exists(), kind
    verified(noon(date(2026, 2, 5)))


def test_once_the_clock_has_moved_past_every_retention_nothing_is_left_and_the_books_verify(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    *before, _ = events()
    played(django_capture_on_commit_callbacks, before, date(2026, 2, 3), World())
    assert left_of(PERSONS, everything(media)) == PERSONS
    with django_capture_on_commit_callbacks(execute=True):
        answer_request(
            request=DataRequest.objects.get(kind="erasure", state="open"),
            granted=True,
            answer="",
            on=ERASED,
            at=noon(ERASED),
        )
    left = left_of(PERSONS, everything(media))
    assert left == [*OF_STRANGERS], "of the customer and its people all that stays is sealed"
    assert SealedRecord.objects.exclude(sealed=b"").exists()
    days_of_going, seen = [], set[str]()
    with django_capture_on_commit_callbacks(execute=True):
        while due := next_due():
            days_of_going.append(due)
            live_on(due)
            seen |= {str(key.retention) for key in PersonKey.objects.filter(destroyed_on=due)}
            assert due < date(2050, 1, 1), "something is put off for ever"
    assert seen == {"contact", "proof", "accounting"}
    assert days_of_going == sorted(days_of_going) and days_of_going[-1].year == 2036
    assert left_of(PERSONS, everything(media)) == []
    assert not PersonKey.objects.exclude(wrapped=b"").exists() and not SealedRecord.objects.exclude(sealed=b"").exists()
    assert not [file for file in media.rglob("*") if file.is_file()], "nor any file"
    assert InboundMail.objects.get().sender.endswith("@erased.invalid")
    kinds = set(Disposal.objects.values_list("kind", flat=True))
    assert kinds == {"erasure", "retention", "key"}
    bases = " ".join(Disposal.objects.values_list("basis", flat=True))
    for basis in ("Reports of violations", "Mail of strangers", "L123-22", "2224", "as the contract says"):
        assert basis in bases, basis
    contacts = Disposal.objects.get(kind="key", basis="Kept as the contract says")
    assert clauses(contacts) == {"8.3"}
    assert Subscription.objects.get().state == "ended", "the books themselves stay whole"
    verified(noon(days_of_going[-1] + timedelta(days=1)))


def next_due() -> date | None:
    """The next day on which anything goes."""
    firsts = (rows.order_by(column).values_list(column, flat=True).first() for rows, column in waiting())
    return min((day for day in firsts if day is not None), default=None)


def live_on(day: date) -> None:
    """Lets one day pass for every vendor; on none between it and the one before was anything to go."""
    for vendor in book().vendors():
        last = Run.objects.filter(vendor=vendor).order_by("-day").values_list("day", flat=True).first()
        if last is not None and last < day - timedelta(days=1):
            done = {"day": day - timedelta(days=1), "state": Run.State.DONE}
            Run.objects.create(job="Renewals are invoiced", vendor=vendor, **done)
    assert days.catch_up(at=noon(day)) == {}
    clocks.poll(at=noon(day))
    outbox.deliver(at=noon(day))
