"""A person of whom every column says something unique is given it all, and erased: no trace is left but what is
sealed, and after its time not even that."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q

from accounts import disposal
from accounts.disposal import Copy, DisposalFailed, opened_record
from accounts.models import (
    AbuseReport,
    Administrator,
    BulkMailing,
    Customer,
    DataRequest,
    Disposal,
    EndUser,
    Erasure,
    EvidenceRequest,
    IdentityDocument,
    Licence,
    Misuse,
    Notice,
    PersonKey,
    RecordRequest,
    Reseller,
    SealedOpening,
    SealedRecord,
    Subscription,
    Ticket,
    User,
    VulnerabilityTest,
)
from accounts.services import NotPossible, add_document, add_seats, assign_licence, leave, remove_administrator
from accounts.services.abuse import Told, report_abuse
from accounts.services.data_requests import Asked, receive_request
from accounts.services.documents import Shown, add_document_of
from accounts.services.erasure import destroy_keys, erase, open_record
from accounts.services.person_export import export_person
from backoffice import sealed
from backoffice.privacy import Holding, holdings
from billing.models import Invoice
from tests import people
from tests.builders import (
    NOON,
    make_administrator,
    make_case,
    make_customer,
    make_end_user,
    make_notice,
    make_price,
    make_subscription,
    make_ticket,
)
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

ENDED = date(2026, 6, 30)
ERASED = date(2026, 7, 1)
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
# What two documents hold that the customer showed; each lies sealed from the beginning.
SHOWN = ["zqpassqz", "zqcardqz"]
LATER = datetime(2099, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def make_everything(vendor: str = "cryptopass") -> Customer:
    """A customer of whom there is a row of every kind, its contracts over and its people gone."""
    text = SimpleUploadedFile("terms.pdf", b"We agree.")
    add_document(sheet="cryptopass/2022-01-01", title="Terms", version="1", file=text, at=NOON)
    customer = make_customer(phone="+33612345678")
    subscription = make_subscription(vendor, customer=customer, plan="Essential", cycle_months=None)
    make_administrator(subscription)
    user = make_end_user(customer, device_type="iPhone")
    licence = Licence.objects.get(subscription=subscription)
    assign_licence(licence=licence, holder=user, asked_by="ada@example.com", on=date(2026, 3, 2))
    add_seats(
        subscription=subscription,
        seats=1,
        unit_price=Decimal("31.00"),
        asked_by="ada@example.com",
        on=date(2026, 3, 2),
        at=NOON,
    )
    make_ticket(subscription=subscription)
    case = make_case(subscription=subscription, violation="unlawful-use", end_user=user, facts="What was found.")
    told = Told(text="What was seen.", first_name="Jo", last_name="Doe", email="jo@example.org", phone="+33612345678")
    seen = report_abuse(
        vendor=vendor, told=told, reported_at=NOON, on=date(2026, 3, 2), at=NOON, subscription=subscription
    )
    AbuseReport.objects.filter(pk=seen.pk).update(case=case, state="case")
    EvidenceRequest.objects.create(
        subscription=subscription, vendor=vendor, sheet=subscription.sheet, asked_by="vendor", mailing="Spring offer",
        asked_at=NOON, created_at=NOON,
    )  # fmt: skip
    # Its own sheet is silent about these, so what it would answer does not matter here.
    judged = {"subscription": subscription, "vendor": vendor, "sheet": subscription.sheet, "created_at": NOON}
    BulkMailing.objects.create(**judged, mailing="Spring offer", number=5, checked_on=date(2026, 3, 2))
    VulnerabilityTest.objects.create(**judged, system="Web shop")
    Misuse.objects.create(**judged, reporter_email="a@example.org", text="Seen.", known_at=NOON, reported_at=NOON)
    RecordRequest.objects.create(
        **judged, domain="example.org", change="MX", asked_by="other", asked_on=date(2026, 3, 2)
    )
    for kind in (Notice.Kind.RENEWAL, Notice.Kind.INVOICE):
        make_notice(subscription, kind=kind, obligation=f"{kind}/1", state="sent", sent_at=NOON)
    for word in SHOWN:
        shown = Shown("passport", b"%PDF-1.4\n" + word.encode() + b"\n%%EOF\n")
        add_document_of(customer=customer, vendor=vendor, shown=shown, on=date(2026, 3, 2), at=NOON)
    receive_request(subject=customer, asked=Asked("access", "Ada Ader", "ada@example.com"), received_at=NOON, at=NOON)
    DataRequest.objects.update(extended_on=date(2026, 3, 20), extended_for="Much of it")
    leave(user=user, on=date(2026, 6, 1))
    Notice.objects.update(state="sent", sent_at=NOON)
    remove_administrator(administrator=Administrator.objects.get(), on=date(2026, 6, 1))
    Subscription.objects.update(state=Subscription.State.ENDED, ends_on=ENDED)
    return customer


def put_canaries(persons: list[Any]) -> dict[str, str]:
    """Makes every declared column of every row say something that is said nowhere else; returns each word with what
    keeps it, if anything does."""
    numbers, said = count(1), {}
    for holding in holdings():
        if not holding.columns:
            continue
        hang = [holding.hangs[type(person)](person) for person in persons if type(person) in holding.hangs]
        rows = holding.model._base_manager.filter(hang[0])
        if not rows:
            fill(holding, hang[0], persons[0])
        assert rows.all(), f"make_everything makes no {holding.label}, so nothing shows that it is erased"
        for row in rows.all():
            for name in holding.columns:
                if holding.model is IdentityDocument and name != "sha256":
                    continue  # sealed as it came, so the word of it is in what was shown
                word = f"zq{next(numbers):05d}qz"
                if not isinstance(holding.model._meta.get_field(name), models.BooleanField):
                    said[word] = holding.retention
                holding.model._base_manager.filter(pk=row.pk).update(**{name: canary(row, name, word)})
    for holding in holdings():
        kind = ContentType.objects.get_for_model(holding.model)
        for row in holding.model._base_manager.all():
            logged = {"object_repr": str(row), "change_message": json.dumps([{"changed": {"fields": [str(row)]}}])}
            LogEntry.objects.create(
                user_id=owner_id(), content_type=kind, object_id=str(row.pk), action_flag=CHANGE, **logged
            )
    return said


def fill(holding: Holding, hangs: Q, customer: Customer) -> None:
    """A row of a kind that no builder made, hanging on the customer: required columns have the first value that fits."""
    subscription = Subscription.objects.get(customer=customer)
    known: dict[type[models.Model], Any] = {Customer: customer, Subscription: subscription}
    for notice in Notice.objects.filter(subscription=subscription):
        known[Notice] = notice
        # A row may be there already for this letter; the next one will do.
        with suppress(IntegrityError), transaction.atomic():
            made(holding.model, known)
        if holding.model._base_manager.filter(hangs).exists():
            return


def made(model: type[models.Model], known: dict[type[models.Model], Any]) -> Any:
    """A row of a kind and, where it needs them, of the kinds that it hangs on."""
    columns = [field for field in model._meta.concrete_fields if wanted(field)]
    return model._base_manager.create(**{field.name: value_of(field, known) for field in columns})


def wanted(field: Any) -> bool:
    """Whether a column of a made row is given a value: it has to have one, or it is the way to its person."""
    if field.primary_key or field.has_default():
        return False
    return field.many_to_one or field.one_to_one or not (field.null or field.blank)


def value_of(field: Any, known: dict[type[models.Model], Any]) -> Any:
    if field.is_relation:
        there = known.get(field.related_model) or field.related_model._base_manager.first()
        return there if there is not None or field.null else made(field.related_model, known)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return NOON
    if isinstance(field, models.DateField):
        return NOON.date()
    if isinstance(field, models.JSONField):
        return []
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, (models.IntegerField, models.BooleanField)):
        return 1
    return "cryptopass/2022-01-01" if field.name == "sheet" else "cryptopass" if field.name == "vendor" else "x"


def make_user() -> User:
    """Somebody who is no staff and has signed in."""
    people.outsider()
    user = people.who("outsider")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def contents(person: Any) -> bytes:
    """All that the archive of a person holds."""
    with ZipFile(BytesIO(export_person(subject=person, at=AT))) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def canary(row: Any, name: str, word: str) -> Any:
    field = row._meta.get_field(name)
    if isinstance(field, models.FileField):
        return field.storage.save(f"{word}.bin", ContentFile(word.encode()))
    if isinstance(field, models.JSONField):
        return [word]
    if isinstance(field, models.BinaryField):
        return word.encode()
    if isinstance(field, models.BooleanField):
        return True
    return f"{word}@example.com" if isinstance(field, models.EmailField) or name == "recipient" else word


def owner_id() -> int:
    people.owner()
    return people.who("owner").pk


def everything(media: Path) -> bytes:
    """Every value of every table, and every file with its name."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [
                    value
                    if isinstance(value, bytes)
                    else bytes(value)
                    if isinstance(value, memoryview)
                    else str(value).encode()
                    for value in row
                ]
    for file in media.rglob("*"):
        found += [file.name.encode(), file.read_bytes() if file.is_file() else b""]
    return b"\n".join(found)


def left_of(words: Iterable[str], where: bytes) -> list[str]:
    return [word for word in words if word.encode() in where]


def given_away() -> bytes:
    """Everything that is declared, less what somebody else told us in confidence."""
    found = []
    for holding in holdings():
        names = [name for name in holding.columns if name not in holding.withheld]
        found += [str(row) for row in holding.model._base_manager.values_list(*names, *(() if names else ("pk",)))]
    return "".join(found).encode()


def test_no_trace_is_left_but_what_is_sealed_and_then_not_even_that(
    media: Path, django_capture_on_commit_callbacks: Any, capfd: Any, caplog: Any
) -> None:
    customer, user = make_everything(), make_user()
    reseller = Reseller.objects.create(name="Resale", email="resale@example.com", country="FR", created_at=NOON)
    persons: list[Any] = [customer, user, reseller]
    words = put_canaries(persons)
    assert left_of(words, everything(media)) == list(words)

    given = b"".join(contents(person) for person in persons)
    assert left_of(words, given) == left_of(words, given_away())
    assert left_of(SHOWN, given) == SHOWN

    capfd.readouterr()
    shown = [media / document.file.name for document in IdentityDocument.objects.all()]
    assert len(shown) == len(SHOWN) and all(file.exists() for file in shown)
    with django_capture_on_commit_callbacks(execute=True):
        erasures = [erase(subject=person, on=ERASED, at=AT) for person in persons]
    assert {(erasure.state, erasure.refused_for) for erasure in erasures} == {(Erasure.State.DONE, "")}
    assert not any(str(one.get_decoded().get("_auth_user_id")) == str(user.pk) for one in Session.objects.all())
    assert left_of(words, everything(media)) == [] and not any(file.exists() for file in shown)
    logged = (caplog.text + "".join(capfd.readouterr())).encode()
    assert left_of(words, logged) == []

    kept = json.dumps([opened_record(record) for record in SealedRecord.objects.select_related("key")]).encode()
    assert left_of(words, kept) == [word for word, retention in words.items() if retention]

    keys = list(PersonKey.objects.order_by("keep_until"))
    assert {(key.retention, key.keep_until.year) for key in keys} == {
        ("contact", 2029),
        ("proof", 2031),
        ("accounting", 2036),
    }
    for key in keys:
        assert key.keep_until.day == ENDED.day
        while destroy_keys(key.vendor, key.keep_until, LATER, 100):
            pass
    assert left_of(words, everything(media)) == []
    assert not PersonKey.objects.exclude(wrapped=b"").exists() and not SealedRecord.objects.exclude(sealed=b"").exists()
    for record in SealedRecord.objects.select_related("key"):
        with pytest.raises(sealed.NotOpened):
            opened_record(record)
    connection.check_constraints()


def rows_and_counts() -> list[Any]:
    """What anybody could see of disposals; which keys and nonces were drawn is chance."""
    return [
        *Disposal.objects.order_by("id").values_list("kind", "basis", "because", "counts", "disposed_on"),
        *PersonKey.objects.order_by("id").values_list("subject", "retention", "keep_until", "destroyed_on"),
        *SealedRecord.objects.order_by("id").values_list("model", "row", "sealed_at"),
        *Customer.objects.values_list("name", "email"),
    ]


def test_who_preserves_sees_a_copy_first_and_nobody_else_sees_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_everything()
    name = customer.name
    with transaction.atomic():
        erase(subject=customer, on=ERASED, at=AT)
        without = rows_and_counts()
        transaction.set_rollback(True)
    seen: list[Copy] = []
    names: list[str] = []

    def preserve(copies: Any) -> None:
        names.append(Customer.objects.get().name)
        seen.extend(copies)

    monkeypatch.setattr(disposal, "_preservers", [preserve])
    erase(subject=customer, on=ERASED, at=AT)
    # Numbers of rows go on where a database was rolled back, so what is compared holds none.
    assert rows_and_counts() == without
    assert names == [name], "the copy is made before anything goes"
    copy = next(one for one in seen if one.model == "accounts.customer")
    key = sealed.unwrap_key(copy.house_key, copy.wrapped, copy.place.rsplit("/", 2)[0])
    assert json.loads(sealed.opened(copy.sealed, key, copy.place))["name"] == name


def test_who_fails_to_preserve_looks_like_any_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_everything()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("there is a case about them")

    said = []
    for place, name in ((disposal, "_hand_over"), (disposal, "_clear")):
        with monkeypatch.context() as broken, pytest.raises(DisposalFailed) as failed:
            if name == "_hand_over":
                broken.setattr(place, "_preservers", [fail])
            else:
                broken.setattr(place, name, fail)
            erase(subject=customer, on=ERASED, at=AT)
        said.append((str(failed.value), failed.value.__cause__, failed.value.__suppress_context__))
    assert said[0] == said[1]
    assert Customer.objects.get().name == customer.name and not Disposal.objects.exists()


def test_nothing_is_erased_while_it_is_needed_and_the_answer_says_why() -> None:
    subscription = make_subscription("cryptopass", plan="Essential")
    customer = subscription.customer
    make_administrator(subscription)
    user = make_end_user(customer)
    assign_licence(licence=Licence.objects.get(), holder=user, asked_by="ada@example.com", on=date(2026, 3, 2))
    make_notice(subscription)
    administrator = Administrator.objects.get()
    for person, reason in ((customer, "contract_open"), (administrator, "serves"), (user, "holds_licence")):
        answer = erase(subject=person, on=ERASED, at=AT)
        assert (answer.state, answer.refused_for) == ("refused", reason)
        assert answer.because[0]["clause"] == "GDPR 17(1)(a)"
    Subscription.objects.update(state=Subscription.State.ENDED, ends_on=ENDED)
    assert erase(subject=customer, on=ERASED, at=AT).refused_for == "letters_waiting"
    assert not Disposal.objects.exists() and not PersonKey.objects.exists()


def test_a_customer_who_still_owes_is_erased_later() -> None:
    customer = make_everything()
    price = make_price("secureflag")
    Invoice.objects.create(
        subscription=Subscription.objects.get(), period_index=9, vendor="cryptopass", sheet="cryptopass/2022-01-01",
        plan="Essential", quantity=1, price=price, currency="EUR", amount_minor=100, issued_on=ENDED, due_on=ERASED,
        period_start=ENDED, period_end=ENDED, because=[], created_at=AT,
    )  # fmt: skip
    assert erase(subject=customer, on=ERASED, at=AT).refused_for == "debt_open"
    assert erase(subject=customer, on=date(2026, 7, 2), at=AT).state == "done"
    assert Invoice.objects.get().amount_minor == 100, "the books stay whole"


def test_one_person_is_erased_and_the_others_stay() -> None:
    customer = make_everything()
    user = EndUser.objects.get()
    username = user.username
    erase(subject=user, on=ERASED, at=AT)
    user.refresh_from_db()
    assert user.username == f"Erased end user {user.pk}" != username
    assert Customer.objects.get().name == customer.name and Administrator.objects.get().name == "Ada Ader"
    assert not PersonKey.objects.exists(), "no retention keeps anything of a user"
    administrator = Administrator.objects.get()
    erase(subject=administrator, on=ERASED, at=AT)
    assert Ticket.objects.get().reporter_email.endswith("@erased.invalid"), "they wrote it"
    assert Notice.objects.first().recipient == customer.email, "it was written to somebody else"  # type: ignore[union-attr]
    key = PersonKey.objects.get(subject="accounts.administrator", retention="contact")
    assert (key.keep_until, key.because[0]["clause"]) == (date(2029, 6, 30), "8.3")


def test_erasing_twice_changes_nothing_and_what_came_since_goes_too() -> None:
    customer = make_everything()
    first = erase(subject=customer, on=ERASED, at=AT)
    sealed_before = SealedRecord.objects.count()
    again = erase(subject=customer, on=ERASED, at=AT)
    assert again.pk == first.pk and SealedRecord.objects.count() == sealed_before
    assert again.disposal is not None and again.disposal.counts == {}
    make_notice(Subscription.objects.get(), obligation="renewal/2", state="sent", sent_at=AT, body="You are erased.")
    assert erase(subject=customer, on=ERASED, at=AT).disposal.counts == {"accounts.notice": 1}  # type: ignore[union-attr]


def test_a_sealed_record_is_opened_for_a_reason_and_that_is_kept() -> None:
    customer = make_everything()
    erase(subject=customer, on=ERASED, at=AT)
    record = SealedRecord.objects.get(model="accounts.customer", key__retention="accounting")
    owner = User.objects.get(pk=owner_id())
    with pytest.raises(NotPossible, match="for a reason only"):
        open_record(record=record, by=owner, reason=" ", at=AT)
    assert open_record(record=record, by=owner, reason="Tax audit 12", at=AT)["name"] == customer.name
    assert SealedOpening.objects.get().reason == "Tax audit 12"
    destroy_keys(record.key.vendor, date(2040, 1, 1), LATER, 100)
    with pytest.raises(NotPossible, match="was destroyed"):
        open_record(record=record, by=owner, reason="Tax audit 13", at=LATER)


def test_the_archive_says_what_each_file_is() -> None:
    customer = make_everything()
    with ZipFile(BytesIO(export_person(subject=customer, at=AT))) as archive:
        names = set(archive.namelist())
        index = archive.read("index.txt").decode()
        letter = archive.read(f"accounts.notice/{Notice.objects.first().pk}.txt").decode()  # type: ignore[union-attr]
    for name in names - {"index.txt"}:
        assert name in index or name.partition("/")[0] + ".json" in index
    assert "accounts.ticket.json (1): Requests for support." in index
    assert "It renews." in letter and any(name.startswith("accounts.agreement/") for name in names)
    erase(subject=customer, on=ERASED, at=AT)
    with ZipFile(BytesIO(export_person(subject=customer, at=AT))) as archive:
        assert "Sealed until 30 June 2036 (Books and their vouchers" in archive.read("index.txt").decode()


def test_the_database_itself_keeps_one_key_for_each_person_and_retention() -> None:
    customer = make_everything()
    erase(subject=customer, on=ERASED, at=AT)
    proof = PersonKey.objects.filter(subject="accounts.customer", retention="proof")
    must_be_refused("one_key_per_person_and_retention|personkey", proof, retention="accounting")
    must_be_refused("destroyed_key_is_gone", proof, destroyed_on=ERASED)
    must_be_refused("erasure_done_or_refused", Erasure.objects.all(), refused_for="serves")
