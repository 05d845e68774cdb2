"""A customer of whom there is a row of every kind, words that are said nowhere else, and where they are left."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from itertools import count, product
from operator import or_
from pathlib import Path
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q

from accounts.inbound import file, take_in
from accounts.models import (
    AbuseReport,
    Administrator,
    BulkMailing,
    Customer,
    DataRequest,
    EvidenceRequest,
    IdentityDocument,
    Licence,
    LooseFile,
    Misuse,
    Notice,
    RecordRequest,
    Subscription,
    VulnerabilityTest,
)
from accounts.services import add_document, add_seats, assign_licence, leave, remove_administrator
from accounts.services.abuse import Told, report_abuse
from accounts.services.data_requests import Asked, receive_request
from accounts.services.documents import Shown, add_document_of
from accounts.services.files import loose_files, note_loose_files
from backoffice.privacy import Holding, holdings
from billing.models import BankLine, Invoice
from billing.services import record_payment
from billing.services.claims import Incident, file_claim
from tests import people
from tests.builders import (
    NOON,
    make_administrator,
    make_case,
    make_customer,
    make_end_user,
    make_invoice,
    make_notice,
    make_received,
    make_subscription,
    make_ticket,
)

ENDED = date(2026, 6, 30)
# What two documents hold that the customer showed; each lies sealed from the beginning.
SHOWN = ["zqpassqz", "zqcardqz"]


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
    make_received(subscription)
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
    bill = make_invoice(subscription, on=date(2026, 3, 2), due_on=date(2026, 3, 2))
    paid = record_payment(
        customer=customer, key="bank/DE1/7", method="bank_transfer", amount=bill.total, currency="EUR",
        received_on=date(2026, 3, 2), at=NOON,
    ).payment  # fmt: skip
    BankLine.objects.create(
        key=paid.key, booked_on=date(2026, 3, 2), currency="EUR", minor=paid.amount_minor, state="booked", payment=paid,
        created_at=NOON,
    )  # fmt: skip
    file_claim(
        subscription=subscription, service="email", incident=Incident(started_at=NOON), on=date(2026, 3, 2), at=NOON
    )
    leave(user=user, on=date(2026, 6, 1))
    Notice.objects.update(state="sent", sent_at=NOON)
    remove_administrator(administrator=Administrator.objects.get(), on=date(2026, 6, 1))
    Subscription.objects.update(state=Subscription.State.ENDED, ends_on=ENDED)
    return customer


def make_strays(media: Path) -> list[Any]:
    """What hangs on nobody's contract: a report that was refused, with the letter about it, a mail that was read, and a
    file that no row names."""
    told = Told(text="I saw it.", first_name="Zoe", last_name="Zed", email="zoe@example.net")
    report = report_abuse(vendor="securegroup", told=told, reported_at=NOON, on=NOON.date(), at=NOON)
    Notice.objects.filter(party="reporter").update(state="sent", sent_at=NOON)
    raw = b"From: Max <max@example.net>\r\nMessage-ID: <1@example.net>\r\nSubject: Hello\r\n\r\nWho are you?\r\n"
    mail = file(mail=take_in(raw=raw, at=NOON).mail, at=NOON)
    loose = media / "sealed" / "left-behind"
    loose.parent.mkdir(parents=True, exist_ok=True)
    loose.write_bytes(b"Nobody names me.")
    os.utime(loose, (NOON.timestamp(), NOON.timestamp()))
    day = NOON.date() + timedelta(days=2)
    assert note_loose_files(loose_files(day), vendor="securegroup", day=day, at=NOON) == 1
    return [report, mail, LooseFile.objects.get()]


def put_canaries(persons: list[Any]) -> dict[str, str]:
    """Makes every declared column of every row say something that is said nowhere else; returns each word with what
    keeps it, if anything does."""
    numbers, said = count(1), {}
    for holding in holdings():
        if not holding.columns:
            continue
        hang = [holding.hangs[type(person)](person) for person in persons if type(person) in holding.hangs]
        rows = holding.model._base_manager.filter(reduce(or_, hang)).distinct()
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
    bill = Invoice.objects.filter(customer=customer).latest("id")
    known: dict[type[models.Model], Any] = {Customer: customer, Subscription: subscription, Invoice: bill}
    for notice, bare in product(Notice.objects.filter(subscription=subscription), (False, True)):
        known[Notice] = notice
        # A row may be there already for this letter; the next one will do. Or what it may hang on does not fit it.
        with suppress(IntegrityError), transaction.atomic():
            made(holding.model, known, bare=bare)
        if holding.model._base_manager.filter(hangs).exists():
            return


def made(model: type[models.Model], known: dict[type[models.Model], Any], *, bare: bool = False) -> Any:
    """A row of a kind and, where it needs them, of the kinds that it hangs on; ``bare`` without those that it need not
    hang on."""
    columns = [field for field in model._meta.concrete_fields if wanted(field, bare)]
    return model._base_manager.create(**{field.name: value_of(field, known) for field in columns})


def wanted(field: Any, bare: bool) -> bool:
    """Whether a column of a made row is given a value: it has to have one, or it is the way to its person."""
    if field.primary_key or field.has_default():
        return False
    if field.is_relation:
        return not (bare and field.null and field.related_model not in (Customer, Subscription))
    return not (field.null or field.blank)


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
    if isinstance(field, (models.IntegerField, models.BooleanField, models.DecimalField)):
        return 1
    return "cryptopass/2022-01-01" if field.name == "sheet" else "cryptopass" if field.name == "vendor" else "x"


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
    for one in media.rglob("*"):
        found += [one.name.encode(), one.read_bytes() if one.is_file() else b""]
    return b"\n".join(found)


def left_of(words: Iterable[str], where: bytes) -> list[str]:
    return [word for word in words if word.encode() in where]
