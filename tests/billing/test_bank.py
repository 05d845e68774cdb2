"""Bank statements: what is surely a customer's is booked, the rest waits, and nothing is booked twice."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.services import NotPossible
from backoffice.pages.today import counted
from billing import ledger
from billing.checks import nobodys
from billing.models import BankLine, Entry, Invoice, OpenItem, Payment
from billing.services import assign_line, import_statement, record_payment, set_line_aside
from billing.staff import stuck
from billing.statements import Booking, StatementBroken, read
from tests import people
from tests.accounts.acts import ask, do
from tests.builders import NOON, make_customer, make_invoice, make_subscription

EUROS = {"EUR", "USD"}
HEAD = "account,reference,booked_on,amount,currency,text\n"
IBAN = "DE02120300000000202051"


def table(*lines: str) -> bytes:
    return (HEAD + "".join(f"{line}\n" for line in lines)).encode()


def entry(amount: str = "100.00", text: str = "INV-000001", reference: str = "R1", **changes: str) -> str:
    sign = changes.get("sign", "CRDT")
    status = changes.get("status", "BOOK")
    currency = changes.get("currency", "EUR")
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-04-20</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def camt(*entries: str, version: str = "02", head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>\n'
        f"<Stmt><Id>1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>\n{chr(10).join(entries)}</Stmt>\n"
        "</BkToCstmrStmt></Document>"
    ).encode()


BOOKED = Booking(f"bank/{IBAN}/R1", date(2026, 4, 20), "EUR", 10000, "INV-000001")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(camt(entry()), id="02"),
        pytest.param(camt(entry(status="<Cd>BOOK</Cd>"), version="08"), id="08"),
        pytest.param(b"\xef\xbb\xbf" + table(f"{IBAN},R1,2026-04-20,100.00,EUR,INV-000001"), id="table"),
        pytest.param(table('"DE02 1203 0000 0000 2020 51",R1,2026-04-20,100,EUR,"INV-000001"'), id="spaced"),
    ],
)
def test_each_form_of_a_statement_says_the_same(content: bytes) -> None:
    assert read(content, EUROS) == [BOOKED]


def test_what_went_is_negative_and_what_is_only_announced_is_left_out() -> None:
    content = camt(entry(sign="DBIT"), entry(status="PDNG", reference="R2"))
    assert read(content, EUROS) == [BOOKED._replace(minor=-10000)]


def test_lines_without_a_reference_are_told_apart_by_all_they_say() -> None:
    line = f"{IBAN},,2026-04-20,5.00,EUR,coffee"
    first, second, other = read(table(line, line, line.replace("5.00", "6.00")), EUROS)
    assert len({first.key, second.key, other.key}) == 3
    assert read(table(line, line), EUROS) == [first, second], "an overlapping file says the same"


GOOD = f"{IBAN},R1,2026-04-20,100.00,EUR,x"
BOMB = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: the columns"),
        (b"what,ever\n", "line 1: the columns"),
        (b"\xff\xfe", "not written in UTF-8"),
        (table(GOOD, f"{IBAN},R2"), "line 3: it has 2 columns"),
        (table(GOOD.replace(IBAN, "")), "line 2: account"),
        (table(GOOD.replace("R1", "=cmd()")), "line 2: reference"),
        (table(GOOD.replace("R1", "R" * 36)), "line 2: reference"),
        (table(GOOD.replace("04-20", "04-31")), "line 2: booked_on"),
        (table(GOOD.replace("EUR", "XXX")), "line 2: currency"),
        (table(GOOD.replace("100.00", "1e3")), "line 2: amount"),
        (table(GOOD.replace("100.00", "NaN")), "line 2: amount"),
        (table(GOOD.replace("100.00", "0.001")), "line 2: amount: it has too many decimals"),
        (table(GOOD.replace("100.00", "0.00")), "line 2: amount: it is nothing"),
        (table(GOOD, GOOD.replace("100.00", "7.00")), "line 3: reference: it stands for another"),
        (table(f'{IBAN},R1,2026-04-20,1,EUR,"x'), "no comma-separated"),
        (camt(entry(), head=BOMB), "declares no document type"),
        (camt(entry())[:-5], "no well-formed XML"),
        (camt(entry(), version="99"), "no CAMT.053"),
        (b"<html/>", "no CAMT.053"),
        (camt("<a>" * 60 + "</a>" * 60), "as deep"),
        (camt(entry(sign="BOTH")), "line 4: CdtDbtInd"),
        (camt(entry(amount="-1.00")), "line 4: amount"),
        (camt(entry(currency="GBX")), "line 4: currency"),
        (b" " * (20 * 1024 * 1024 + 1), "20 MB at most"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_with_its_line(content: bytes, told: str) -> None:
    with pytest.raises(StatementBroken, match=told):
        read(content, EUROS)


def bill() -> Invoice:
    return make_invoice(make_subscription("cryptopass"), due_on=date(2026, 4, 30))


def owed(invoice: Invoice) -> int:
    return OpenItem.objects.get(invoice=invoice).owed_minor


def sums() -> dict[str, int]:
    return {one.account: one.minor for one in ledger.balances() if one.minor}


def line_of(number: str, minor: int = 10000, reference: str = "R1") -> Booking:
    return Booking(f"bank/{IBAN}/{reference}", date(2026, 4, 20), "EUR", minor, f"paid {number}")


@pytest.mark.django_db
def test_money_that_names_its_invoice_pays_it_once_however_often_it_is_told() -> None:
    invoice = bill()
    other = line_of("nothing", reference="R2")
    assert import_statement([line_of(invoice.number)], at=NOON) == (1, 0, 0)
    assert (owed(invoice), Payment.objects.get().received_on) == (0, date(2026, 4, 20))
    before = Entry.objects.count()
    assert import_statement([line_of(invoice.number)], at=NOON) == (0, 0, 1)
    assert (Entry.objects.count(), Payment.objects.count()) == (before, 1)
    assert import_statement([line_of(invoice.number), other], at=NOON) == (0, 1, 1)
    assert BankLine.objects.count() == 2 and not list(nobodys(NOON))


@pytest.mark.django_db
def test_a_reference_that_stood_for_another_booking_stops_the_whole_file() -> None:
    import_statement([line_of("nothing")], at=NOON)
    with pytest.raises(NotPossible, match="stood for another booking"):
        import_statement([line_of("nothing", reference="R2"), line_of("nothing", 1)], at=NOON)
    assert BankLine.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("minor", [9999, 10001])
def test_money_of_another_amount_waits_and_is_then_said_to_be_somebody_s(minor: int) -> None:
    invoice = bill()
    assert import_statement([line_of(invoice.number, minor)], at=NOON) == (0, 1, 0)
    assert sums() == {"bank": minor, "unmatched": -minor, "receivable": 10000, "revenue": -10000}
    assert not list(nobodys(NOON))
    line = BankLine.objects.get()
    payment = assign_line(line=line, customer=invoice.customer, at=NOON)
    line.refresh_from_db()
    assert (line.state, line.payment, owed(invoice)) == (BankLine.State.BOOKED, payment, max(10000 - minor, 0))
    assert "unmatched" not in sums() and sums()["bank"] == minor and not list(nobodys(NOON))
    with pytest.raises(NotPossible, match="no money that waits"):
        assign_line(line=line, customer=make_customer(), at=NOON)


@pytest.mark.django_db
def test_verify_finds_money_of_nobody_that_does_not_wait() -> None:
    import_statement([line_of("nothing")], at=NOON)
    BankLine.objects.all().delete()
    assert list(nobodys(NOON)) == ["EUR: what waits on bank statements is not what the ledger holds for nobody known"]


@pytest.mark.django_db
def test_what_went_moves_nothing_and_is_put_aside() -> None:
    assert import_statement([line_of("fees", -500)], at=NOON) == (0, 1, 0)
    line = BankLine.objects.get()
    assert not Entry.objects.exists()
    with pytest.raises(NotPossible, match="no money that waits"):
        assign_line(line=line, customer=make_customer(), at=NOON)
    set_line_aside(line=line)
    with pytest.raises(NotPossible, match="put aside"):
        set_line_aside(line=line)
    import_statement([line_of("money", reference="R2")], at=NOON)
    with pytest.raises(NotPossible, match="put aside"):
        set_line_aside(line=BankLine.objects.get(minor__gt=0))


@pytest.mark.django_db
def test_a_payment_that_was_typed_before_is_not_booked_again() -> None:
    invoice = bill()
    known: dict[str, Any] = {
        "customer": invoice.customer,
        "method": "bank_transfer",
        "received_on": NOON.date(),
        "at": NOON,
    }
    booked = line_of(invoice.number)
    record_payment(key=booked.key, amount=invoice.total, currency="EUR", **known)
    waits = line_of("nothing")
    import_statement([waits], at=NOON)
    with pytest.raises(NotPossible, match="recorded as a payment already"):
        assign_line(line=BankLine.objects.get(), customer=invoice.customer, at=NOON)


@pytest.mark.django_db
def test_the_command_previews_books_and_refuses(tmp_path: Path) -> None:
    invoice, out, file = bill(), io.StringIO(), tmp_path / "statement.xml"
    file.write_bytes(camt(entry(text=invoice.number), entry("7.00", "who", "R2")))
    call_command("statement", str(file), "--preview", stdout=out)
    assert "1 booked as payments, 1 to look at, 0 there before; nothing was booked" in out.getvalue()
    assert not BankLine.objects.exists() and owed(invoice) == 10000
    call_command("statement", str(file), stdout=out)
    assert owed(invoice) == 0 and BankLine.objects.count() == 2
    file.write_bytes(table(GOOD.replace("100.00", "many")))
    with pytest.raises(CommandError, match=r"nothing was booked: line 2: amount"):
        call_command("statement", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("statement", str(tmp_path / "none.csv"))


@pytest.mark.django_db
def test_staff_read_what_follows_and_say_whose_money_it_is() -> None:
    owner, invoice = people.owner(), bill()
    import_statement([line_of("nothing"), line_of("fees", -500, "R2")], at=datetime(2026, 4, 21, 12, tzinfo=UTC))
    assert {one.words: one.number for one in map(counted, stuck(people.who("owner")))}[
        "lines of bank statements to look at"
    ] == 2
    came, went = BankLine.objects.get(minor__gt=0), BankLine.objects.get(minor__lt=0)
    assert "there is no customer 999999" in ask(owner, came, "assign", customer=999999)
    told = ask(owner, came, "assign", customer=invoice.customer_id)
    assert "a payment" in told and invoice.number in told and not Payment.objects.exists()
    do(owner, came, "assign", customer=invoice.customer_id)
    assert owed(invoice) == 0
    do(owner, went, "aside")
    went.refresh_from_db()
    assert went.state == BankLine.State.SEEN
