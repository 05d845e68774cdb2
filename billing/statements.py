"""Bank statements as banks give them: CAMT.053 (camt.053.001.02 and .08, ISO 20022), or a table of comma-separated
values, in UTF-8, whose first line names its columns:

    account,reference,booked_on,amount,currency,text
    DE02120300000000202051,2026040700017,2026-04-07,120.00,EUR,INV-000012 thank you

``reference`` is the bank's own and may be empty; then a line is known by all that it says, and by how many just like it
stand before it. ``amount`` has a point and no thousands, and a minus where money went.

A statement is read whole before anything is booked. StatementBroken names the line and what is wrong with it. XML may
declare no document type, so that nothing in it is expanded or fetched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.parsers import expat  # a document type, which all of its known attacks need, is refused below

from backoffice.terms.money import to_minor

# A year of a busy account; more is a mistake, and would be read into memory whole.
MOST_BYTES = 20 * 1024 * 1024
COLUMNS = ["account", "reference", "booked_on", "amount", "currency", "text"]
NAMESPACES = {f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}" for version in ("02", "08")}
AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,5})?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_:+-]{0,34}")
LONGEST_TEXT = 500


class StatementBroken(ValueError):
    """A file that cannot be booked; its words name the line and the field, and nothing of what stands there."""


class Booking(NamedTuple):
    """One line of a statement: what came (positive) or went (negative), in minor units."""

    key: str
    booked_on: date
    currency: str
    minor: int
    text: str


def read(content: bytes, currencies: set[str]) -> list[Booking]:
    """The bookings of a statement, in its order, in currencies that are known; StatementBroken where it is none."""
    if len(content) > MOST_BYTES:
        raise StatementBroken(f"a statement has {MOST_BYTES // 1024 // 1024} MB at most")
    rows = _Camt().rows(content) if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _table(content)
    found: dict[str, Booking] = {}
    alike: Counter[str] = Counter()
    for line, row in rows:
        one = _booking(line, row, currencies, alike)
        if found.setdefault(one.key, one) != one:
            raise StatementBroken(f"line {line}: reference: it stands for another booking of this file already")
    return list(found.values())


Rows = Iterator[tuple[int, dict[str, str]]]


def _booking(line: int, row: dict[str, str], currencies: set[str], alike: Counter[str]) -> Booking:
    def wrong(field: str, why: str) -> StatementBroken:
        return StatementBroken(f"line {line}: {field}: {why}")

    account, reference = "".join(row["account"].split()), row["reference"].strip()
    if not NAME.fullmatch(account):
        raise wrong("account", "it names no account")
    if reference and not NAME.fullmatch(reference):
        raise wrong("reference", "a reference has up to 35 letters and digits")
    try:
        booked_on = date.fromisoformat(row["booked_on"].strip()[:10])
    except ValueError:
        raise wrong("booked_on", "it is no day, such as 2026-04-07") from None
    currency, amount = row["currency"].strip(), row["amount"].strip()
    if currency not in currencies:
        raise wrong("currency", "no contract is paid in it")
    if not AMOUNT.fullmatch(amount):
        raise wrong("amount", "it is no amount, such as 120.00")
    try:
        minor = to_minor(Decimal(amount), currency)
    except ValueError:
        raise wrong("amount", "it has too many decimals for its currency") from None
    if not minor:
        raise wrong("amount", "it is nothing")
    text = " ".join(row["text"].replace("\0", " ").split())[:LONGEST_TEXT]
    if not reference:
        says = hashlib.sha256(repr((account, booked_on, currency, minor, text)).encode()).hexdigest()[:32]
        alike[says] += 1
        reference = f"{says}-{alike[says]}"
    return Booking(f"bank/{account}/{reference}", booked_on, currency, minor, text)


def _table(content: bytes) -> Rows:
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        head = next(lines, None)
        if head != COLUMNS:
            raise StatementBroken(f"line 1: the columns of a table are {', '.join(COLUMNS)}")
        for values in lines:
            if not values:
                continue
            if len(values) != len(COLUMNS):
                raise StatementBroken(f"line {lines.line_num}: it has {len(values)} columns, not {len(COLUMNS)}")
            yield lines.line_num, dict(zip(COLUMNS, values, strict=True))
    except UnicodeDecodeError:
        raise StatementBroken("the table is not written in UTF-8") from None
    except csv.Error:
        raise StatementBroken("the table is no comma-separated values") from None


# Where in an entry each thing stands; of those that name one thing, whichever is there.
ENTRY = {
    "Amt": "amount",
    "CdtDbtInd": "side",
    "Sts": "status",
    "Sts/Cd": "status",
    "BookgDt/Dt": "booked_on",
    "BookgDt/DtTm": "booked_on",
    "AcctSvcrRef": "reference",
    "NtryDtls/TxDtls/RmtInf/Ustrd": "text",
    "NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref": "text",
    "NtryDtls/TxDtls/RltdPties/Dbtr/Nm": "text",
    "NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm": "text",
    "AddtlNtryInf": "text",
}
STATEMENT = "Document/BkToCstmrStmt/Stmt"
ACCOUNTS = (f"{STATEMENT}/Acct/Id/IBAN", f"{STATEMENT}/Acct/Id/Othr/Id")
# Deeper than any element of the standard.
DEEPEST = 40


class _Camt:
    """Reads the entries of a CAMT.053 in one pass, without keeping its tree."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="|")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.path: list[str] = []
        self.said: list[str] = []
        self.account = ""
        self.entry: dict[str, str] | None = None
        self.line = 0
        self.found: list[tuple[int, dict[str, str]]] = []

    def rows(self, content: bytes) -> Rows:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            raise StatementBroken(f"line {error.lineno}: the file is no well-formed XML") from None
        yield from self.found

    def _doctype(self, *_: object) -> None:
        raise self._wrong("a statement declares no document type")

    def _wrong(self, why: str) -> StatementBroken:
        return StatementBroken(f"line {self.parser.CurrentLineNumber}: {why}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, short = name.rpartition("|")
        if not self.path and (space not in NAMESPACES or short != "Document"):
            raise self._wrong("the file is no CAMT.053 of version 02 or 08")
        self.path.append(short)
        if len(self.path) > DEEPEST:
            raise self._wrong("no statement is as deep as this")
        self.said = []
        place = "/".join(self.path)
        if place == STATEMENT:
            self.account = ""
        elif place == f"{STATEMENT}/Ntry":
            self.entry, self.line = {}, self.parser.CurrentLineNumber
        elif self.entry is not None and place == f"{STATEMENT}/Ntry/Amt":
            self.entry["currency"] = attributes.get("Ccy", "")

    def _words(self, words: str) -> None:
        self.said.append(words)

    def _end(self, _name: str) -> None:
        place, said = "/".join(self.path), "".join(self.said).strip()
        self.path.pop()
        self.said = []
        if place in ACCOUNTS:
            self.account = said
        elif place == f"{STATEMENT}/Ntry" and self.entry is not None:
            self._close(self.entry)
            self.entry = None
        elif self.entry is not None and said:
            field = ENTRY.get(place.removeprefix(f"{STATEMENT}/Ntry/"))
            if field == "text":
                self.entry["text"] = f"{self.entry.get('text', '')} {said}"
            elif field:
                self.entry[field] = said

    def _close(self, entry: dict[str, str]) -> None:
        """Keeps an entry that is booked; those that are only announced come again once they are."""
        if entry.get("status") != "BOOK":
            return
        side = {"CRDT": "", "DBIT": "-"}.get(entry.get("side", ""))
        if side is None:
            raise StatementBroken(f"line {self.line}: CdtDbtInd: it is neither CRDT nor DBIT")
        row = {name: entry.get(name, "") for name in COLUMNS} | {"account": self.account}
        if row["amount"].startswith("-"):
            raise StatementBroken(f"line {self.line}: amount: CdtDbtInd says which way it went, and no sign")
        self.found.append((self.line, row | {"amount": f"{side}{row['amount']}"}))
