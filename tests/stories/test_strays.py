"""What hangs on nobody's contract: reports, mail of strangers, files that no row names; each goes on a day of its own."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

from accounts import inbound
from accounts.disposal import opened_record
from accounts.models import (
    AbuseReport,
    ContractDocument,
    Customer,
    Disposal,
    IdentityDocument,
    InboundMail,
    KeptRecord,
    LooseFile,
    Notice,
    PersonKey,
    SealedRecord,
    Subscription,
)
from accounts.services import abuse
from accounts.services.conduct import Found, close_case
from accounts.services.documents import Shown, add_document_of
from accounts.services.erasure import erase
from backoffice import days, verify
from backoffice.models import Run
from tests import people
from tests.builders import NOON, make_customer, make_price, make_subscription, make_text
from tests.refusals import must_be_refused
from tests.stories.living import clauses, live, noon

pytestmark = pytest.mark.django_db

CAME = NOON.date()
TOLD = abuse.Told(text="They write to everybody.", first_name="Zoe", last_name="Zed", email="zoe@example.net")
COMPLETE = TOLD._replace(phone="+33612345678", phone_works=True, email_works=True)
RAW = b"From: Max <max@example.net>\r\nMessage-ID: <1@example.net>\r\nSubject: Hello\r\n\r\nWho are you?\r\n"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def report(told: abuse.Told = COMPLETE, **changes: Any) -> AbuseReport:
    return abuse.report_abuse(vendor="securegroup", told=told, reported_at=NOON, on=CAME, at=NOON, **changes)


def skip_to(day: date, vendor: str = "securegroup") -> None:
    """Makes a day the vendor's next one: nothing was due between."""
    last = day - timedelta(days=1)
    Run.objects.create(job="Renewals are invoiced", vendor=vendor, day=last, state=Run.State.DONE)


def verified(at: datetime) -> None:
    assert {one.name: one.told for one in verify.verify(at=at) if one.wrong} == {}


# --- Who reports a violation ---


def test_who_reported_is_forgotten_a_year_later_and_the_register_says_why() -> None:
    told = report(TOLD)
    assert told.state == "refused"
    live(CAME)
    kept = KeptRecord.objects.get()
    assert (kept.goes_on, clauses(kept)) == (date(2027, 3, 2), {"GDPR 5(1)(e)"})
    skip_to(date(2027, 3, 1))
    live(date(2027, 3, 1))
    told.refresh_from_db()
    assert told.email == TOLD.email
    live(date(2027, 3, 2))
    told.refresh_from_db()
    assert (told.first_name, told.last_name, told.email) == ("", "", "")
    assert told.text == f"Erased abuse report {told.pk}"
    disposal = Disposal.objects.get()
    assert (disposal.kind, disposal.disposed_on, clauses(disposal)) == ("retention", date(2027, 3, 2), {"GDPR 5(1)(e)"})
    assert disposal.basis.startswith("Reports of violations") and disposal.counts == {
        "accounts.abusereport": 1, "accounts.notice": 1,
    }  # fmt: skip
    kept.refresh_from_db()
    assert kept.disposal == disposal


def test_the_letter_to_who_reported_stays_sealed_as_proof_and_then_goes_too() -> None:
    report(TOLD)
    live(CAME)
    letter = Notice.objects.get(party="reporter")
    skip_to(date(2027, 3, 2))
    live(date(2027, 3, 2))
    letter.refresh_from_db()
    assert letter.body == "" and letter.recipient.endswith("@erased.invalid")
    record = SealedRecord.objects.get()
    assert opened_record(record)["recipient"] == TOLD.email
    key = PersonKey.objects.get()
    assert (key.subject, key.retention, key.keep_until) == ("accounts.abusereport", "proof", date(2032, 3, 2))
    verified(noon(date(2027, 3, 2)))
    skip_to(date(2032, 3, 2), key.vendor)
    live(date(2032, 3, 2))
    assert not SealedRecord.objects.exclude(sealed=b"").exists()


def test_a_report_that_waits_or_whose_case_goes_on_is_kept_until_that_is_over() -> None:
    make_price("securegroup", cycle_months=12)
    subscription = make_subscription("securegroup", cycle_months=12)
    waits, taken_up = report(), report(subscription=subscription)
    case = abuse.take_up(report=taken_up, found=Found(violation="spam", facts="Much."), on=CAME, at=NOON)
    live(CAME)
    skip_to(date(2027, 3, 2))
    live(date(2027, 3, 2))
    assert [one.goes_on for one in KeptRecord.objects.to_let_go()] == [date(2027, 3, 9)] * 2
    abuse.dismiss(report=waits)
    close_case(case=case, on=date(2027, 3, 3), at=noon(date(2027, 3, 3)))
    live(date(2027, 3, 9))
    assert {one.email for one in AbuseReport.objects.all()} == {""}
    assert not KeptRecord.objects.to_let_go().exists()


def test_a_report_goes_once_and_has_one_day() -> None:
    first, second = report(), report()
    kept = KeptRecord.objects.filter(row=first.pk)
    must_be_refused("one_day_to_go_per_row|keptrecord", kept, row=second.pk)
    must_be_refused("kept_as_known", kept, retention="gossip")


# --- Mail of strangers ---


def test_mail_of_a_stranger_goes_half_a_year_after_it_came_once_it_was_read() -> None:
    mail = inbound.take_in(raw=RAW, at=NOON).mail
    inbound.take_in(raw=RAW, at=NOON)
    kept = KeptRecord.objects.get()
    assert (kept.model, kept.goes_on) == ("accounts.inboundmail", date(2026, 8, 29))
    skip_to(date(2026, 8, 29), kept.vendor)
    live(date(2026, 8, 29))
    mail.refresh_from_db()
    assert mail.sender == "max@example.net", "it still waits to be read"
    inbound.file(mail=mail, at=noon(date(2026, 9, 1)))
    live(date(2026, 9, 5))
    mail.refresh_from_db()
    assert (mail.sender, mail.subject, mail.text) == (f"erased-{mail.pk}@erased.invalid", "", "")
    verified(noon(date(2026, 9, 5)))


def test_mail_of_a_customer_stays_with_the_customer_until_that_was_erased() -> None:
    customer = make_customer()
    subscription = make_subscription("securegroup", customer=customer, cycle_months=1)
    letter = Notice.objects.create(
        obligation="renewal/1", customer=customer, subscription=subscription, kind="renewal", vendor="securegroup",
        sheet=subscription.sheet, because=[], due_on=CAME, recipient=customer.email, language="en", subject="Hello",
        body="Words", written_on=CAME, created_at=NOON, message_id="<letter@example.com>", state="sent", sent_at=NOON,
    )  # fmt: skip

    def answer(number: int) -> InboundMail:
        head = f"From: {customer.email}\r\nMessage-ID: <{number}@example.net>\r\nIn-Reply-To: {letter.message_id}\r\n"
        return inbound.take_in(raw=f"{head}\r\nI read it.\r\n".encode(), at=NOON).mail

    assert answer(1).customer == customer and not KeptRecord.objects.exists()
    Subscription.objects.update(state="ended", ends_on=CAME)
    Notice.objects.update(state="sent", sent_at=NOON)
    assert erase(subject=customer, on=CAME, at=NOON).state == "done"
    later = answer(2)
    assert KeptRecord.objects.get().row == later.pk


# --- Files that no row names ---


def left_behind(media: Path, name: str, on: date) -> Path:
    """A file as something leaves it that was killed between its file and its row."""
    file = media / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"left behind")
    os.utime(file, (noon(on).timestamp(), noon(on).timestamp()))
    return file


def test_a_file_that_no_row_names_is_found_a_day_later_and_goes_a_week_after(media: Path, broken_commits: Any) -> None:
    make_subscription("securegroup", cycle_months=12)
    text = make_text("securegroup/2015-01-01")
    os.utime(media / text.file.name, (0, 0))
    live(CAME)
    loose = left_behind(media, "sealed/half", CAME)
    live(date(2026, 3, 3))
    assert not LooseFile.objects.exists(), "its row may still come"
    live(date(2026, 3, 4))
    kept = KeptRecord.objects.get()
    assert (kept.retention, kept.goes_on) == ("file", date(2026, 3, 11))
    with broken_commits():
        live(date(2026, 3, 10))
    assert loose.exists()
    with broken_commits():
        live(date(2026, 3, 11))
    assert not loose.exists() and (media / text.file.name).exists()
    disposal = Disposal.objects.get()
    assert disposal.counts == {"accounts.loosefile": 1} and disposal.basis.startswith("Files that no row names")
    assert LooseFile.objects.get().file == ""
    verified(noon(date(2026, 3, 11)))


@pytest.fixture
def broken_commits(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for a commit at the end of a block: a test's own transaction never commits."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_file_whose_row_came_after_all_stays(media: Path) -> None:
    make_subscription("securegroup", cycle_months=12)
    live(CAME)
    loose = left_behind(media, "contracts/late.txt", CAME)
    live(date(2026, 3, 4))
    assert KeptRecord.objects.get().goes_on == date(2026, 3, 11)
    text = make_text("securegroup/2015-01-01")
    ContractDocument.objects.filter(pk=text.pk).update(file="contracts/late.txt")
    live(date(2026, 3, 11))
    assert loose.exists() and not Disposal.objects.exists()
    assert KeptRecord.objects.get().goes_on == date(2026, 3, 18)


def test_a_loose_file_that_somebody_took_away_meanwhile_is_no_failure(media: Path) -> None:
    make_subscription("securegroup", cycle_months=12)
    live(CAME)
    loose = left_behind(media, "sealed/half", CAME)
    live(date(2026, 3, 4))
    loose.unlink()
    live(date(2026, 3, 11))
    assert LooseFile.objects.get().file == "" and not KeptRecord.objects.to_let_go().exists()


def test_a_customer_whose_document_was_lost_can_still_be_erased(media: Path) -> None:
    customer = make_customer()
    shown = Shown("passport", b"%PDF-1.4\n%%EOF\n")
    document = add_document_of(customer=customer, vendor="securegroup", shown=shown, on=CAME, at=NOON)
    (media / document.file.name).unlink()
    assert erase(subject=customer, on=CAME, at=NOON).state == "done"
    assert IdentityDocument.objects.get().file == "" and Customer.objects.get().email.endswith("@erased.invalid")


def test_of_the_days_that_run_together_one_looks_at_the_store(media: Path) -> None:
    left_behind(media, "sealed/half", CAME)
    job = next(one for one in days.jobs() if one.name == "Files that no row names are found")
    later = CAME + timedelta(days=2)
    assert job.left({"securegroup": later, "cryptopass": later}) == {"cryptopass": 1}
    assert job.left({"securegroup": CAME}) == {}


def test_every_column_of_files_lies_in_the_one_store_that_is_looked_at() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    assert {field.storage for field in fields if isinstance(field, FileField)} == {default_storage}


def test_staff_see_what_goes_and_why() -> None:
    report()
    owner = people.owner()
    listed = owner.get("/admin/accounts/keptrecord/").content.decode()
    assert "report of a violation" in listed
    page = owner.get(f"/admin/accounts/keptrecord/{KeptRecord.objects.get().pk}/change/").content.decode()
    assert "GDPR 5(1)(e)" in page and "Reports of violations" in page
