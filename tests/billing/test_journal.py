"""The ledger as a plain-text journal: Debian's `ledger` reads it, and adds it up to the same balances."""

from __future__ import annotations

import io
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q, Sum
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rich.console import Console

from accounts.models import Customer
from backoffice import timeline
from backoffice.management.commands.rehearse import BOOKS, rehearse
from backoffice.terms.money import from_minor, zero
from billing import journal, ledger
from billing.journal import PLACES, account_name
from billing.ledger import Posting, Side, post, post_all
from billing.models import Account, Entry, Leg
from billing.services import record_payment
from tests.backoffice.mutations import UNTIL, VALID
from tests.backoffice.test_rehearse import entries
from tests.builders import NOON, make_customer, make_invoice, make_subscription
from tests.servers import find_ledger

Balances = dict[tuple[str, str], Decimal]
CURRENCIES = ("EUR", "USD", "JPY", "KWD")


def written(*arguments: str) -> str:
    out = io.StringIO()
    call_command("journal", *arguments, stdout=out)
    return out.getvalue()


def added_up(text: str) -> Balances:
    """What `ledger` says that each account holds in each currency. It refuses an entry that does not balance."""
    report = ["balance", "--flat", "--no-total", "--empty", "--balance-format", "%(account)\t%(scrub(amount))\n"]
    command = [str(find_ledger()), "--init-file", "/dev/null", "--args-only", "--file", "-", *report]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Balances = {}
    account = ""
    for line in done.stdout.splitlines():
        name, tab, amount = line.rpartition("\t")
        account = name if tab else account
        number, _, currency = amount.strip().partition(" ")
        if Decimal(number):
            found[account, currency] = Decimal(number)
    return found


def ours(where: Q | None = None) -> Balances:
    """The same from the legs, each customer's and vendor's by itself."""
    found: Balances = defaultdict(Decimal)
    legs = Leg.objects.filter(where or Q()).order_by().values_list("account", "customer", "vendor", "currency")
    for account, customer, vendor, currency, minor in legs.annotate(Sum("minor")):
        found[account_name(account, customer, vendor), currency] += from_minor(minor, currency)
    return {key: amount for key, amount in found.items() if amount}


def whole(found: Balances) -> Balances:
    """Balances of an account's parts, put together."""
    accounts: Balances = defaultdict(Decimal)
    for (name, currency), amount in found.items():
        accounts[":".join(name.split(":")[:2]), currency] += amount
    return {key: amount for key, amount in accounts.items() if amount}


def agree() -> Balances:
    """Both programs say the same of these books, part by part and account by account, digit by digit."""
    found = added_up(written())
    assert found == ours()
    assert all(amount.same_quantum(zero(currency)) for (_, currency), amount in found.items())
    assert whole(found) == {
        (PLACES[Account(one.account)], one.currency): one.amount for one in ledger.balances() if one.minor
    }
    return found


def test_each_account_has_a_place_of_its_own() -> None:
    assert set(PLACES) == set(Account)
    assert len(set(PLACES.values())) == len(Account)
    assert all(place.count(":") == 1 for place in PLACES.values())


@pytest.mark.django_db
def test_an_invoice_and_its_payment_line_by_line() -> None:
    invoice = make_invoice(make_subscription("cryptopass"))
    customer = invoice.customer
    known = {"method": "bank_transfer", "amount": Decimal("60.00"), "currency": "EUR", "received_on": date(2026, 4, 1)}
    record_payment(customer=customer, key="Ada Ader, 9 April", at=NOON, reference="Ada Ader", **known)  # type: ignore[arg-type]
    sale, received, paid = Entry.objects.order_by("id").values_list("pk", flat=True)
    [payment] = customer.payments.all()
    assert written() == (
        f"2026-04-01 ({sale}) Invoice {invoice.number}\n"
        f"    Assets:Receivable:Customer {customer.pk}  100.00 EUR  ; Document: {invoice.number}\n"
        "    Income:Sales:cryptopass  -100.00 EUR\n"
        "\n"
        f"2026-04-01 ({received}) Payment {payment.pk}\n"
        "    Assets:Bank  60.00 EUR\n"
        f"    Liabilities:Credit:Customer {customer.pk}  -60.00 EUR\n"
        "\n"
        f"2026-04-01 ({paid}) Payment {payment.pk} pays {invoice.number}\n"
        f"    Liabilities:Credit:Customer {customer.pk}  60.00 EUR\n"
        f"    Assets:Receivable:Customer {customer.pk}  -60.00 EUR  ; Document: {invoice.number}\n"
        "\n"
    )
    assert written("--until", "2026-03-31") == ""
    assert written("--until", "2026-04-01") == written()


@pytest.mark.django_db
def test_one_customer_s_journal_has_what_moves_its_accounts() -> None:
    ours_, other = (make_invoice(make_subscription("cryptopass")) for _ in range(2))
    text = written("--customer", str(ours_.customer_id))
    assert ours_.number in text and other.number not in text
    with pytest.raises(CommandError, match="there is no customer 999999"):
        written("--customer", "999999")


@pytest.mark.django_db
def test_many_entries_are_read_a_few_at_a_time_in_the_order_of_their_days(monkeypatch: pytest.MonkeyPatch) -> None:
    sides = (Side(Account.BANK, 1, "EUR"), Side(Account.UNMATCHED, -1, "EUR"))
    for number in range(7):
        post(Posting(f"p/{number}", Entry.Kind.PAYMENT, date(2026, 5, 9 - number), "Payment", sides), at=NOON)
    in_one = written()
    monkeypatch.setattr(journal, "CHUNK", 2)
    assert written() == in_one
    assert [line[:10] for line in in_one.splitlines() if line.startswith("2026")] == [
        f"2026-05-0{day}" for day in range(3, 10)
    ]


@pytest.mark.ledger
@pytest.mark.django_db
def test_words_cannot_break_out_of_their_line() -> None:
    sides = (Side(Account.BANK, 1, "EUR"), Side(Account.UNMATCHED, -1, "EUR"))
    text = "Payment  ; note: x\n2026-01-01 Odd\n    Assets:Bank  100.00 EUR"
    post(Posting("odd", Entry.Kind.PAYMENT, date(2026, 5, 9), text, sides), at=NOON)
    assert agree() == {("Assets:Bank", "EUR"): Decimal("0.01"), ("Liabilities:Unmatched", "EUR"): Decimal("-0.01")}


@pytest.mark.ledger
@pytest.mark.django_db
def test_a_played_timeline_adds_up_alike() -> None:
    for _ in timeline.play(entries(*VALID), UNTIL):
        pass
    found = agree()
    assert ("Income:Sales:cryptopass", "EUR") in found
    customers = {
        account: amount for (account, _), amount in found.items() if account.startswith("Assets:Receivable:Customer ")
    }
    acme = Customer.objects.get(name="Acme")
    assert customers[f"Assets:Receivable:Customer {acme.pk}"] == Decimal("116.43")


@pytest.mark.long
@pytest.mark.ledger
@pytest.mark.django_db
def test_the_demo_s_year_adds_up_alike() -> None:
    rehearse(timeline.read(BOOKS), None, None, Console(quiet=True))
    assert Entry.objects.count() > 300
    assert len(agree()) > 300


def legs(customers: list[int]) -> st.SearchStrategy[list[Side]]:
    """Some legs, of which the last of each currency takes back what the others come to."""
    whose = st.sampled_from([None, *customers])
    drawn = st.builds(
        Side,
        st.sampled_from(Account),
        st.integers(-(10**13), 10**13),
        st.sampled_from(CURRENCIES),
        customer_id=whose,
        vendor=st.sampled_from(["", "secureflag", "ethicmail"]),
        invoice_id=st.none(),
    )
    return st.lists(drawn, min_size=1, max_size=6).map(balanced)


def balanced(sides: list[Side]) -> list[Side]:
    return [*sides, *(Side(Account.BANK, -minor, currency) for currency, minor in sums(sides))]


def sums(sides: list[Side]) -> Iterator[tuple[str, int]]:
    for currency in CURRENCIES:
        if minor := sum(side.minor for side in sides if side.currency == currency):
            yield currency, minor


@pytest.mark.ledger
@pytest.mark.database
class AnyBooks(TestCase):
    customers: list[int]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.customers = [make_customer().pk for _ in range(2)]

    @given(st.data())
    def test_any_books_add_up_alike(self, data: st.DataObject) -> None:
        drawn = data.draw(
            st.lists(
                st.tuples(
                    legs(self.customers), st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.text(min_size=1, max_size=40)
                ),
                max_size=6,
            )
        )
        post_all(
            [
                Posting(f"drawn/{number}", Entry.Kind.PAYMENT, on, text.replace("\0", ""), sides)
                for number, (sides, on, text) in enumerate(drawn)
            ],
            at=NOON,
        )
        agree()
        customer = data.draw(st.sampled_from(self.customers))
        theirs = Q(entry__in=Leg.objects.filter(customer=customer).values("entry"))
        assert added_up(written("--customer", str(customer))) == ours(theirs)
