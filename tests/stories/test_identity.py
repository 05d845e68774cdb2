"""Who customers are: from what a contract asks to the letter, the record or the end, each with its clause."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from pytest_django import Settings

from accounts.models import (
    Customer,
    Declaration,
    DeclarationBreach,
    Disposal,
    DocumentOpening,
    EligibilityCase,
    IdentityDocument,
    Notice,
    OptionCheck,
    RefusedOrder,
    Screening,
    Subscription,
    User,
    Verification,
)
from accounts.services import place_order
from accounts.services.documents import Shown, add_document_of, open_document
from accounts.services.eligibility import reconsider
from accounts.services.screenings import decide_match
from backoffice import days, outbox, timeline
from backoffice.sealed import NotOpened
from tests import people
from tests.builders import NOON, make_customer, make_order
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
FRENCH = {"country": "FR", "phone": "+33612345678", "street": "Rue 1", "city": "Lyon"}


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02a\xff\x00b\xff\xd0c\xff\xd9"


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


PRICES = [
    {"on": "2026-03-02", "do": "price", "vendor": vendor, "plan": "Team", "months": 1, "currency": currency, "amount": "0.00"}
    for vendor, currency in (("cryptopass", "EUR"), ("ethicmail", "USD"))
]  # fmt: skip


def play(*events: dict[str, Any], until: date | None = None) -> None:
    lines = [json.dumps(event).encode() for event in (*PRICES, *events)]
    for _ in timeline.play(timeline.read_lines(lines), until):
        pass


def customer(vendor_country: str = "FR", **more: Any) -> dict[str, Any]:
    known = {"on": "2026-03-02", "do": "customer", "ref": "c", "name": "Acme", "email": "c@acme.example"}
    return {**known, **FRENCH, "country": vendor_country, **more}


def order(vendor: str, **more: Any) -> dict[str, Any]:
    known = {"on": "2026-03-02", "do": "subscription", "ref": "s", "customer": "c", "vendor": vendor, "plan": "Team"}
    return {**known, "method": "card", "payment_confirmed_on": "2026-03-02", **more}


PAPER = {"on": "2026-03-20", "do": "identity document", "customer": "c", "kind": "register"}


# Row 119: eligibility.


def test_who_does_not_show_where_it_is_is_reminded_and_then_ended_without_refund() -> None:
    play(customer(), order("cryptopass"), until=date(2026, 4, 1))
    case = EligibilityCase.objects.get()
    assert (case.documents_by, case.state) == (date(2026, 4, 1), "waiting")
    play_on(date(2026, 4, 2))
    letter = Notice.objects.get(kind="eligibility")
    assert (letter.written_on, letter.due_on) == (date(2026, 4, 2), date(2026, 4, 2))
    assert {item["clause"] for item in letter.because} == {"3.1"}
    assert "7 April 2026" in letter.body and "nothing is paid back" in letter.body
    play_on(date(2026, 4, 6))
    assert Subscription.objects.get().state == "active"
    play_on(date(2026, 4, 7))
    case.refresh_from_db()
    subscription = Subscription.objects.get()
    assert (case.state, case.refund_lost, case.may_end_from) == ("ended", True, date(2026, 4, 7))
    assert (subscription.state, subscription.ends_on, subscription.ends_reason) == (
        "ended",
        date(2026, 4, 7),
        "ineligible",
    )
    assert Notice.objects.filter(kind="termination").count() == 1
    assert "3.1" in {item["clause"] for item in subscription.ends_because}


def play_on(last: date) -> None:
    """Lives through the days that are left until ``last``, with the letters that leave on each."""
    day = min(days.next_days().values())
    while day <= last:
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert not days.catch_up(at=at)
        outbox.deliver(at=at)
        day += timedelta(days=1)


def test_a_contract_does_not_end_before_the_letter_has_left_the_house() -> None:
    play(customer(), order("cryptopass"), until=date(2026, 4, 2))
    Notice.objects.filter(kind="eligibility").update(state="failed")
    play_on(date(2026, 4, 9))
    assert Subscription.objects.get().state == "active"
    Notice.objects.filter(kind="eligibility").update(state="sent", sent_at=NOON)
    play_on(date(2026, 4, 10))
    assert Subscription.objects.get().state == "ended"


def test_who_shows_it_in_time_hears_nothing_more() -> None:
    paper = {**PAPER, "vendor": "cryptopass"}
    shown = {"on": "2026-03-20", "do": "eligibility shown", "subscription": "s"}
    play(customer(), order("cryptopass"), paper, shown, until=date(2026, 5, 1))
    assert EligibilityCase.objects.get().state == "shown"
    assert not Notice.objects.filter(kind="eligibility").exists()
    assert Subscription.objects.get().state == "active"


def test_an_order_from_outside_the_territory_is_refused_with_the_clause() -> None:
    play(customer("DE"), order("cryptopass"))
    refused = RefusedOrder.objects.get()
    assert (refused.question, refused.reasons) == ("eligibility.check", ["outside_territory"])
    assert {item["clause"] for item in refused.because} == {"3.1"}
    assert not Subscription.objects.exists()


def test_eligibility_is_asked_throughout_the_term() -> None:
    paper = {**PAPER, "vendor": "cryptopass"}
    shown = {"on": "2026-03-20", "do": "eligibility shown", "subscription": "s"}
    play(customer(), order("cryptopass"), paper, shown)
    Customer.objects.update(country="DE")
    reconsider(customer=Customer.objects.get(), on=date(2026, 3, 21))
    play_on(date(2026, 3, 21))
    case = EligibilityCase.objects.get()
    assert (case.state, case.reasons) == ("lost", ["outside_territory"])
    assert Notice.objects.get(kind="eligibility_lost").because[-1]["clause"] == "3.1"
    Customer.objects.update(country="FR")
    reconsider(customer=Customer.objects.get(), on=date(2026, 3, 22))
    play_on(date(2026, 3, 22))
    case.refresh_from_db()
    assert (case.state, case.reasons) == ("shown", [])


def test_an_option_wants_an_eligible_domain() -> None:
    ask = {"on": "2026-03-03", "do": "option", "subscription": "s", "option": "Directory", "needs_domain": True}
    play(customer(), order("cryptopass"), {**ask, "domain_eligible": False}, {**ask, "domain_eligible": True})
    refused, allowed = OptionCheck.objects.order_by("id")
    assert (refused.allowed, refused.reason, refused.because[0]["clause"]) == (False, "domain_not_eligible", "3.1")
    assert allowed.allowed


# Row 102: identity.


def test_a_customer_is_asked_shows_and_is_verified_until_its_document_runs_out() -> None:
    paper = {**PAPER, "vendor": "ethicmail", "expires_on": "2026-04-10"}
    play(
        customer(users_known_on="2026-03-01"),
        order("ethicmail"),
        {"on": "2026-03-03", "do": "ask who it is", "customer": "c", "vendor": "ethicmail"},
        paper,
        {"on": "2026-03-21", "do": "identity verified", "customer": "c", "vendor": "ethicmail"},
        until=date(2026, 4, 10),
    )
    first = Verification.objects.get()
    assert (first.state, first.until_on) == ("verified", date(2026, 4, 10))
    letter = Notice.objects.get(kind="verification")
    assert (letter.written_on, letter.obligation) == (
        date(2026, 3, 3),
        f"verification/{first.customer_id}/{first.vendor}/1",
    )
    assert {"2.6.2", "10.1.1"} <= {item["clause"] for item in letter.because}
    play_on(date(2026, 4, 11))
    first.refresh_from_db()
    assert first.state == "expired"
    assert Verification.objects.get(state="asked").asked_on == date(2026, 4, 11)
    assert Notice.objects.filter(kind="verification").count() == 2
    assert Customer.objects.get().verification == "asked"


def test_who_does_not_show_who_it_is_need_not_be_served() -> None:
    play(
        customer(),
        {"on": "2026-03-02", "do": "ask who it is", "customer": "c", "vendor": "ethicmail"},
        {"on": "2026-03-03", "do": "identity not accepted", "customer": "c", "vendor": "ethicmail"},
        order("ethicmail", on="2026-03-04"),
    )
    refused = RefusedOrder.objects.get()
    assert refused.question == "identity.required"
    assert "1.3" in {item["clause"] for item in refused.because}
    assert "users" in refused.reasons, "it has not told that it knows who its users are"


def test_a_false_identity_is_a_breach_with_its_clause() -> None:
    play(
        customer(),
        order("ethicmail"),
        {"on": "2026-03-03", "do": "ask who it is", "customer": "c", "vendor": "ethicmail"},
        {
            "on": "2026-03-04", "do": "identity not accepted", "customer": "c", "vendor": "ethicmail",
            "false_identity": True,
        },
    )  # fmt: skip
    found = Verification.objects.get()
    assert found.false_identity and "10.1.1" in {item["clause"] for item in found.because}
    assert Customer.objects.get().verification == "refused"


def test_a_contract_that_asks_for_no_documents_lets_us_ask_for_none() -> None:
    play(
        customer(),
        order("securegroup"),
        {"on": "2026-03-03", "do": "ask who it is", "customer": "c", "vendor": "securegroup"},
    )
    assert not Verification.objects.exists() and not Notice.objects.filter(kind="verification").exists()


def somebody() -> User:
    """A person of the staff."""
    people.clerk()
    return people.who("clerk")


def show(content: bytes = PDF, kind: str = "passport", **more: Any) -> IdentityDocument:
    whose = more.pop("customer", None) or make_customer()
    shown = Shown(kind, content, **more)
    return add_document_of(customer=whose, vendor="ethicmail", shown=shown, on=DAY, at=NOON)


def test_a_document_lies_sealed_under_a_name_that_says_nothing() -> None:
    document = show()
    kept = default_storage.open(document.file.name).read()
    assert PDF not in kept and b"PDF" not in kept
    assert document.file.name.startswith("sealed/") and "Customer" not in document.file.name
    assert document.content() == PDF
    other = show(PNG, customer=document.customer)
    other.wrapped, other.house_key = document.wrapped, document.house_key
    with pytest.raises(NotOpened):
        other.content()


def test_each_opening_of_a_document_is_kept_with_its_reason() -> None:
    document, ada = show(), somebody()
    assert open_document(document=document, reason="Dispute 7", by=ada, at=NOON) == PDF
    opening = DocumentOpening.objects.get()
    assert (opening.document, opening.opened_by, opening.reason) == (document, ada, "Dispute 7")
    with pytest.raises(ValidationError):
        open_document(document=document, reason="  ", by=ada, at=NOON)
    assert DocumentOpening.objects.count() == 1


@pytest.mark.parametrize(("content", "form"), [(PDF, "pdf"), (PNG, "png"), (JPEG, "jpeg")])
def test_what_is_a_document_is_taken(content: bytes, form: str) -> None:
    assert show(content).form == form


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"GIF89a", PDF[:-7], PNG[:-1], PNG + b"x", JPEG + b"x", JPEG[:-1], b" " + PDF,
        PNG.replace(b"x", b"y", 1), PDF.replace(b"<<>>", b"<</JS (x)>>", 1), PDF.replace(b"1 0", b"<html>", 1),
        PDF[:-6] + b"PK\x05\x06" + b"%%EOF", PNG[:8] + PNG[33:], b"\xff\xd8\xff", PDF + b"PK\x05\x06",
        b"%PDF-1.4" + b" " * (10 * 1024 * 1024) + b"%%EOF",
    ],
)  # fmt: skip
def test_what_is_no_document_or_two_things_at_once_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        show(content)
    assert "file" in refused.value.message_dict
    assert not IdentityDocument.objects.exists()


def test_a_document_goes_on_its_day_and_that_it_was_shown_stays() -> None:
    play(customer(), order("ethicmail"), {**PAPER, "vendor": "ethicmail"}, until=date(2026, 6, 17))
    document = IdentityDocument.objects.get()
    name = document.file.name
    assert default_storage.exists(name) and document.purge_on == date(2026, 6, 18)
    play_on(date(2026, 6, 18))
    document.refresh_from_db()
    assert (document.file.name, bytes(document.wrapped), document.purged_on) == ("", b"", date(2026, 6, 18))
    assert document.kind == "register" and Disposal.objects.get().counts == {"accounts.identitydocument": 1}
    must_be_refused("purged_document_is_gone", IdentityDocument.objects.all(), file="sealed/again")


# Row 115: declarations.


def test_what_a_contract_wants_declared_is_kept_and_a_breach_voids_all() -> None:
    kinds = ["no_preparation", "no_promotion", "no_benefit", "lawful_funds"]
    declare = {"on": "2026-03-03", "do": "declarations", "subscription": "s", "kinds": kinds, "by": "c@acme.example"}
    play(
        customer(),
        order("ethicmail"),
        order("ethicmail", ref="t"),
        order("securegroup", ref="u"),
        {**declare, "words": "We declare."},
        {**declare, "words": "We declare again."},
        {
            "on": "2026-03-09", "do": "declaration breached", "customer": "c", "vendor": "ethicmail",
            "kind": "lawful_funds",
        },
    )  # fmt: skip
    declared = Declaration.objects.filter(kind="lawful_funds").get()
    assert Declaration.objects.count() == 4 and "10.2.6" in {item["clause"] for item in declared.because}
    breach = DeclarationBreach.objects.get()
    assert (breach.void, breach.refund_lost, breach.commission_lost) == (True, True, True)
    assert {"10.3.1", "10.3.3"} <= {item["clause"] for item in breach.because}
    ended = Subscription.objects.filter(vendor="ethicmail")
    assert {(one.state, one.ends_reason) for one in ended} == {("ended", "false_details")}
    assert Subscription.objects.get(vendor="securegroup").state == "active"


# Row 98: screening.


HEAD = {"source": "A list", "date": "2026-03-01"}


@pytest.fixture
def barred(tmp_path: Path, settings: Settings) -> Iterator[Any]:
    """Writes the list of barred names."""
    file = tmp_path / "list.jsonl"
    settings.SCREENING_LIST_FILE = str(file)

    def write(*entries: dict[str, Any]) -> None:
        file.write_text("".join(json.dumps(one) + "\n" for one in (HEAD, *entries)))

    write()
    yield write


def test_who_is_on_a_list_that_counts_is_refused_with_the_clause(barred: Any) -> None:
    barred({"id": "US-1", "regime": "US", "name": "Ácme  TRADING", "aliases": ["Other"]})
    play(customer(name="Trading Acme"), order("securepacket"))
    refused = RefusedOrder.objects.get()
    assert (refused.question, refused.reasons) == ("screening.check", ["listed"])
    assert "7" in {item["clause"] for item in refused.because}
    look = Screening.objects.get()
    assert (look.result, look.matches, look.list_date) == ("blocked", [["US-1", 1.0]], date(2026, 3, 1))
    assert len(look.list_sha256) == 64


def test_a_barred_use_and_a_barred_country_of_users_are_refused(barred: Any) -> None:
    barred({"id": "US-KP", "regime": "US", "country": "KP"})
    told = {"on": "2026-03-02", "do": "screening", "customer": "c", "vendor": "securepacket"}
    play(
        customer(),
        {**told, "end_use": "arms", "end_user_country": "KP"},
        order("securepacket"),
    )
    assert RefusedOrder.objects.get().reasons == ["end_use", "embargoed"]


def test_a_similar_name_waits_for_a_person_whose_decision_lasts(barred: Any) -> None:
    barred({"id": "US-1", "regime": "US", "name": "Acme Tradings"})
    found = make_customer(name="Acme Trading", **FRENCH)
    placed = place_order(customer=found, order=make_order("securepacket"), at=NOON)
    assert placed.refused is not None and placed.refused.reasons == ["similar"]
    look = Screening.objects.get(current=True)
    decide_match(screening=look, as_="clear", by=somebody(), on=DAY)
    placed = place_order(customer=found, order=make_order("securepacket"), at=NOON)
    assert placed.subscription is not None
    assert Screening.objects.get(current=True).decided_as == "clear"


def test_a_changed_list_is_looked_at_again_by_the_day(barred: Any) -> None:
    play(customer(), order("securepacket"), until=date(2026, 3, 3))
    assert Screening.objects.get().result == "clear"
    barred({"id": "US-1", "regime": "US", "name": "Acme"})
    play_on(date(2026, 3, 4))
    old, new = Screening.objects.order_by("id")
    assert (old.current, new.current, new.result, new.screened_on) == (False, True, "blocked", date(2026, 3, 4))
    must_be_refused("one_current_screening|screening.customer_id", Screening.objects.filter(pk=old.pk), current=True)
    play_on(date(2026, 3, 5))
    assert Screening.objects.count() == 2


def test_a_contract_that_names_no_law_leaves_a_match_to_a_person(barred: Any) -> None:
    barred({"id": "EU-1", "regime": "EU", "name": "Acme"})
    play(customer(), order("ethicmail"))
    refused = RefusedOrder.objects.get()
    assert (refused.reasons, refused.because) == (["other_list"], [])
    assert Screening.objects.get().result == "possible"
