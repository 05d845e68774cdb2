"""What `manage.py verify` asks of customers' data: the books as the product leaves them pass, and each lie is named."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from accounts.models import (
    Agreement,
    ContractDocument,
    Customer,
    DataStep,
    Disposal,
    EndUser,
    Erasure,
    IdentityDocument,
    KeptRecord,
    Notice,
    Period,
    PersonKey,
    PlannedEnd,
    SealedRecord,
    Subscription,
)
from accounts.services.documents import purge
from accounts.services.erasure import destroy_keys, erase
from accounts.services.states import plan_ends
from backoffice import days, verify
from tests.accounts.everything import ENDED, make_everything, make_strays
from tests.builders import NOON, make_subscription

pytestmark = pytest.mark.django_db

ERASED = date(2026, 7, 1)
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
SEALED = "What an erasure has sealed opens by its key, or is destroyed with it"
OPEN = "What an erasure has sealed stands in the open no more"
DOCUMENTS = "Identity documents open and are as they were shown, or are gone"
NAMED = "Who was erased is named in no row of their own"
REGISTER = "The register of disposals tells of everything that is gone"
PAST = "Nothing is kept past its time"
TEXTS = "The texts of contracts are as they were when they were taken in"
MISSING = "Every file that a row names is there"
ORPHANED = "Every file in the store is named by a row"
STRAYS = "Whatever hangs on no contract has a day on which it goes"
PERIODS = "Periods know whether another one follows, and when they close"
AGREED = "Agreements bear the SHA-256 of the text that was accepted"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def wrong(name: str, at: datetime = AT) -> list[str]:
    """What one check says."""
    [verdict] = verify.verify(at=at, names=(name,))
    return verdict.told


def all_wrong(at: datetime = AT) -> dict[str, list[str]]:
    return {one.name: one.told for one in verify.verify(at=at) if one.wrong}


def words(row: Any) -> str:
    """What a kind of row is called."""
    return str(row._meta.verbose_name)


def erased() -> Customer:
    """A customer of whom there was a row of every kind, erased."""
    customer = make_everything()
    assert erase(subject=customer, on=ERASED, at=AT).state == "done"
    return customer


def test_the_books_pass_before_an_erasure_and_after_it_and_when_all_its_keys_are_gone() -> None:
    days.catch_up(at=NOON)
    customer = make_everything()
    assert all_wrong(NOON) == {}
    first, second = IdentityDocument.objects.order_by("pk")
    purge([first], on=ERASED, at=AT)
    IdentityDocument.objects.filter(pk=second.pk).update(purge_on=date(2026, 8, 1))
    erase(subject=customer, on=ERASED, at=AT)
    Subscription.objects.update(data_planned_on=ERASED)
    assert all_wrong() == {}
    for key in PersonKey.objects.all():
        destroy_keys(key.vendor, key.keep_until, AT, 100)
    assert all_wrong() == {}
    assert not SealedRecord.objects.exclude(sealed=b"").exists()


def test_what_was_to_go_and_did_not_is_named() -> None:
    key = PersonKey.objects.filter(customer=erased()).order_by("keep_until")[0]
    day = datetime(key.keep_until.year, key.keep_until.month, key.keep_until.day, 12, tzinfo=UTC)
    assert not [line for line in wrong(PAST, day) if line.startswith(f"{words(key)} {key.pk}:")]
    said = wrong(PAST, day.replace(year=day.year + 1))
    assert f"{words(key)} {key.pk}: its time was over on {key.keep_until}, and it is still there" in said


def test_where_staff_open_the_days_the_books_own_day_counts(settings: Any) -> None:
    settings.DAYS_BY_HAND = True
    subscription = make_subscription("cryptopass", accepted_on=date(2026, 1, 1))
    Subscription.objects.filter(pk=subscription.pk).update(state="ended", ends_on=date(2026, 1, 31))
    far = datetime(2050, 1, 1, tzinfo=UTC)
    assert wrong(PAST, far) == []
    settings.DAYS_BY_HAND = False
    assert wrong(PAST, far) == [
        f"subscription {subscription.pk}: its time was over on 2026-01-31, and it is still there"
    ]


def test_a_sealed_record_that_does_not_open_is_named_and_one_that_outlived_its_key() -> None:
    erased()
    first, second = SealedRecord.objects.order_by("pk")[:2]
    SealedRecord.objects.filter(pk=first.pk).update(sealed=bytes(second.sealed))
    assert wrong(SEALED) == [f"sealed record {first.pk}: it does not open by its key"]
    PersonKey.objects.filter(pk=second.key_id).update(destroyed_on=ERASED, wrapped=b"")
    assert f"sealed record {second.pk}: its key is destroyed, and it is not" in wrong(SEALED)


def test_words_that_were_sealed_and_stand_there_again_are_named() -> None:
    customer = erased()
    before = Customer.objects.values_list("name", flat=True).get()
    Customer.objects.filter(pk=customer.pk).update(name=customer.name)
    assert wrong(OPEN) == [f"accounts.customer {customer.pk}: its name is sealed and still stands in the open"]
    Customer.objects.filter(pk=customer.pk).update(name="Another name")
    assert wrong(OPEN) == [], "new words were never sealed"
    Customer.objects.filter(pk=customer.pk).update(name=before)
    letter = Notice.objects.exclude(body="").first()
    assert letter is None
    Notice.objects.filter(kind="renewal").update(body="It renews.")
    [said] = wrong(OPEN)
    assert said.startswith("accounts.notice ") and said.endswith("its body is sealed and still stands in the open")


def test_a_person_who_was_erased_and_is_named_again_is_named() -> None:
    customer = erased()
    Customer.objects.filter(pk=customer.pk).update(city="Lyon")
    user = EndUser.objects.get()
    erased_name = user.username
    EndUser.objects.filter(pk=user.pk).update(username="ben")
    assert sorted(wrong(NAMED)) == [
        f"customer {customer.pk}: erased, and its city came back",
        f"end user {user.pk}: erased, and its username came back",
    ]
    Customer.objects.filter(pk=customer.pk).update(city="")
    EndUser.objects.filter(pk=user.pk).update(username=erased_name)
    assert wrong(NAMED) == []
    EndUser.objects.filter(pk=user.pk).update(username="ben")
    Erasure.objects.create(
        subject="accounts.enduser", subject_id=user.pk, customer=customer, state="done", asked_on=ERASED, created_at=AT,
        disposal=Disposal.objects.create(kind="erasure", basis="Asked", disposed_on=ERASED, created_at=AT),
    )  # fmt: skip
    assert wrong(NAMED) == [f"end user {user.pk}: erased, and its username came back"], "erased alone, it stays so"


def test_the_register_and_what_is_gone_are_the_same() -> None:
    erased()
    key = PersonKey.objects.order_by("keep_until")[0]
    destroy_keys(key.vendor, key.keep_until, AT, 1)
    assert wrong(REGISTER) == []
    Disposal.objects.filter(kind="key").delete()
    records = SealedRecord.objects.filter(sealed=b"").count()
    assert wrong(REGISTER) == [
        f"{PersonKey._meta.verbose_name_plural}: 1 are gone, and the register tells of 0",
        f"{SealedRecord._meta.verbose_name_plural}: {records} are gone, and the register tells of 0",
    ]
    step = DataStep.objects.create(
        subscription=Subscription.objects.get(), vendor="cryptopass", sheet="cryptopass/2022-01-01", kind="delete",
        due_on=ENDED, state="instructed", instructed_on=ENDED, created_at=AT,
    )  # fmt: skip
    assert wrong(REGISTER)[-1] == f"data step {step.pk}: it was instructed, and the register does not tell of it"


def test_a_document_that_was_changed_moved_or_lost_is_named(media: Path) -> None:
    make_everything()
    first, second = IdentityDocument.objects.order_by("pk")
    (media / first.file.name).write_bytes((media / second.file.name).read_bytes())
    assert wrong(DOCUMENTS) == [f"identity document {first.pk}: it does not open by its key"]
    (media / first.file.name).unlink()
    IdentityDocument.objects.filter(pk=second.pk).update(sha256="0" * 64)
    assert wrong(DOCUMENTS) == [f"identity document {second.pk}: it is not what was shown"]
    assert wrong(MISSING) == [f"identity document {first.pk}: its file {first.file.name} is missing"]


def test_a_text_that_was_changed_or_lost_is_named_and_an_agreement_to_another_one(media: Path) -> None:
    make_everything()
    document, agreement = ContractDocument.objects.get(), Agreement.objects.get()
    (media / document.file.name).write_bytes(b"We agree to more.")
    assert wrong(TEXTS) == [f"contract document {document.pk}: its file has another SHA-256 than was noted"]
    (media / document.file.name).unlink()
    assert wrong(TEXTS) == []
    assert wrong(MISSING) == [f"contract document {document.pk}: its file {document.file.name} is missing"]
    ContractDocument.objects.update(sha256="0" * 64)
    assert wrong(AGREED) == [f"agreement {agreement.pk}: its SHA-256 is not that of its text"]


def test_a_file_that_no_row_names_is_named_once_it_is_a_day_old(media: Path) -> None:
    assert wrong(ORPHANED) == [], "there is no store yet"
    make_everything()
    loose = media / "contracts" / "left.pdf"
    loose.write_bytes(b"left behind")
    os.utime(loose, (AT.timestamp(), AT.timestamp()))
    assert wrong(ORPHANED, AT) == []
    assert wrong(ORPHANED, AT + timedelta(days=2)) == ["contracts/left.pdf: no row names this file"]


def test_what_has_no_day_on_which_it_goes_is_named(media: Path) -> None:
    report, mail, loose = make_strays(media)
    assert wrong(STRAYS) == []
    KeptRecord.objects.update(row=F("row") + 100)
    Notice.objects.update(party="vendor")
    assert wrong(STRAYS) == [
        f"{words(report)} {report.pk}: no day is set on which it goes",
        f"{words(mail)} {mail.pk}: no day is set on which it goes",
        f"{words(loose)} {loose.pk}: no day is set on which it goes",
        f"notice {Notice.objects.get().pk}: it hangs on nobody, so nothing takes it away",
    ]


def test_a_period_that_does_not_know_the_end_of_its_contract_is_named() -> None:
    subscription = make_subscription("secureflag")
    period = subscription.periods.get()
    assert wrong(PERIODS) == []
    told = f"period {period.pk}: whether it renews is not what the last day of its contract says"
    Subscription.objects.filter(pk=subscription.pk).update(ends_on=period.period_end)
    assert wrong(PERIODS) == [told]
    Period.objects.note_last_day(period.period_end)
    assert wrong(PERIODS) == []
    Subscription.objects.filter(pk=subscription.pk).update(ends_on=None)
    assert wrong(PERIODS) == [told]
    Period.objects.note_last_day(None)
    Period.objects.update(closes_on=period.period_start)
    assert wrong(PERIODS) == [f"period {period.pk}: it does not close on the last day of its contract or of its own"]


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_last_day_decides_which_periods_another_one_follows(days: int) -> None:
    subscription = make_subscription("secureflag")
    period = subscription.periods.get()
    last = period.period_end + timedelta(days=days)
    end = PlannedEnd(
        subscription=subscription, reason="notice", by="customer", told_on=period.period_start, ends_on=last, because=[],
        sheet=subscription.sheet,
    )  # fmt: skip
    plan_ends([end])
    period.refresh_from_db()
    assert (period.renews, period.closes_on) == (days > 0, min(last, period.period_end))
    assert wrong(PERIODS) == []
