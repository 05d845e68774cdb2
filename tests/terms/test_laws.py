"""Laws that hold whatever the facts: for every sheet that covers the rule, over generated questions."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.terms import registry
from backoffice.terms.book import book
from backoffice.terms.interpreter import answer

from .questions import Asker

VENDORS = book().vendors()
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
cents = st.integers(0, 10**9)


def ask(rule: str, vendor: str, **facts: Any) -> Any:
    """The outcome, or None where the contract is silent or has not this case."""
    outcome = answer(book(), {"rule": rule, "vendor": vendor, "facts": json.loads(json.dumps(facts, default=str))}).get(
        "outcome"
    )
    return None if outcome == {"covered": False} else outcome


def amount(units: int) -> str:
    return f"{Decimal(units) / 100:.2f}"


@pytest.mark.parametrize("vendor", VENDORS)
@given(start=days, cycle=st.sampled_from([None, 1, 3, 6, 12, 7]), commitment=st.booleans())
def test_periods_tile_twenty_years(vendor: str, start: date, cycle: int | None, commitment: bool) -> None:
    index, next_start = 0, start
    while next_start < start + timedelta(days=20 * 365):
        period = ask("term.period", vendor, start=start, cycle_months=cycle, index=index, commitment=commitment)
        if period is None:
            assert index == 0
            return
        assert period["period_start"] == next_start.isoformat()
        assert period["period_end"] >= period["period_start"]
        next_start = date.fromisoformat(period["period_end"]) + timedelta(days=1)
        assert period["renews_on"] == next_start.isoformat()
        index += 1


@pytest.mark.parametrize("vendor", VENDORS)
@given(
    start=days,
    cycle=st.sampled_from([None, 1, 3, 6, 12]),
    commitment=st.booleans(),
    wait=st.integers(0, 3000),
    by=st.sampled_from(["customer", "vendor"]),
)
def test_a_later_notice_never_ends_a_term_sooner(
    vendor: str, start: date, cycle: int | None, commitment: bool, wait: int, by: str
) -> None:
    facts = {"start": start, "cycle_months": cycle, "commitment": commitment, "by": by}
    notice = start + timedelta(days=wait)
    first = ask("term.end", vendor, **facts, notice_on=notice)
    later = ask("term.end", vendor, **facts, notice_on=notice + timedelta(days=1))
    if first is not None:
        assert notice.isoformat() <= first["ends_on"] <= later["ends_on"]


@pytest.mark.parametrize("vendor", VENDORS)
@given(
    start=days,
    cycle=st.sampled_from([None, 1, 3, 6, 12]),
    commitment=st.booleans(),
    index=st.integers(0, 40),
    late=st.integers(0, 1),
)
def test_the_last_day_to_leave_is_the_last_day_to_leave(
    vendor: str, start: date, cycle: int | None, commitment: bool, index: int, late: int
) -> None:
    """A notice on a period's own deadline ends it; the day after, it runs on."""
    facts = {"start": start, "cycle_months": cycle, "commitment": commitment}
    period = ask("term.period", vendor, **facts, index=index)
    if period is None or period["non_renewal_by"] < period["period_start"]:
        return
    notice = date.fromisoformat(period["non_renewal_by"]) + timedelta(days=late)
    end = ask("term.end", vendor, **facts, notice_on=notice, by="customer")
    assert end["in_time"] is (late == 0)
    assert (end["ends_on"] == period["period_end"]) is (late == 0)


@pytest.mark.parametrize("vendor", VENDORS)
@given(
    principal=cents,
    due=days,
    late=st.integers(-5, 900),
    further=st.integers(0, 400),
    steps=st.lists(st.tuples(days, st.integers(0, 2000)), max_size=4),
)
def test_interest_never_falls_with_time(
    vendor: str, principal: int, due: date, late: int, further: int, steps: list[tuple[date, int]]
) -> None:
    rates = [{"from": "2000-01-01", "rate": "0.04"}] + [{"from": day, "rate": f"{rate / 10000}"} for day, rate in steps]
    facts = {"principal": amount(principal), "currency": book().newest(vendor).currency.value, "due_on": due, "incidents": [], "costs": [], "rates": rates, "collection_on": None}  # fmt: skip
    first = ask("late.charges", vendor, **facts, as_of=due + timedelta(days=late))
    second = ask("late.charges", vendor, **facts, as_of=due + timedelta(days=late + further))
    if first is None:
        return
    assert Decimal(first["interest"]) <= Decimal(second["interest"])
    for charged in (first, second):
        fees = sum(Decimal(fee["amount"]) for fee in charged["fees"])
        assert Decimal(charged["charges"]) == Decimal(charged["interest"]) + fees
        assert Decimal(charged["total_due"]) == Decimal(amount(principal)) + Decimal(charged["charges"])
        assert charged["days_late"] > 0 or charged["charges"] == "0.00"


@pytest.mark.parametrize("vendor", VENDORS)
@given(price=cents, start=days, cycle=st.integers(1, 36), used=st.integers(0, 1200), by=st.sampled_from(["customer", "vendor"]),
       cause=st.sampled_from(["convenience", "vendor_breach", "customer_breach", "service_end"]), product=st.sampled_from(["service", "assistance", "domain"]))  # fmt: skip
def test_a_refund_is_never_above_the_price_and_never_grows(
    vendor: str, price: int, start: date, cycle: int, used: int, by: str, cause: str, product: str
) -> None:
    currency = book().newest(vendor).currency.value
    facts = {
        "price": amount(price),
        "currency": currency,
        "start": start,
        "cycle_months": cycle,
        "by": by,
        "cause": cause,
        "product": product,
    }
    first = ask("refund.early_termination", vendor, **facts, terminated_on=start + timedelta(days=used))
    second = ask("refund.early_termination", vendor, **facts, terminated_on=start + timedelta(days=used + 1))
    if first is not None:
        assert 0 <= Decimal(second["refund"]) <= Decimal(first["refund"]) <= Decimal(amount(price))
        assert Decimal(first["fee"]) <= Decimal(amount(price))


@pytest.mark.parametrize("vendor", VENDORS)
@given(lines=st.lists(st.tuples(st.sampled_from(["service", "setup", "domain_registration", "device"]), cents), max_size=5), regular=cents, kept=st.booleans(),
       method=st.sampled_from(["card", "paypal", "bank_transfer", "bitcoin", "check"]), effective=days, waited=st.integers(0, 12))  # fmt: skip
def test_money_back_is_never_above_what_was_paid(
    vendor: str, lines: list[tuple[str, int]], regular: int, kept: bool, method: str, effective: date, waited: int
) -> None:
    outcome = ask("refund.money_back", vendor, effective_on=effective, requested_on=effective + timedelta(days=waited), method=method,
                  lines=[{"kind": kind, "amount": amount(units)} for kind, units in lines], domain_retained=kept, domain_regular_price=amount(regular))  # fmt: skip
    if outcome is not None:
        assert 0 <= Decimal(outcome["refund"]) <= Decimal(sum(units for _, units in lines)) / 100
        assert outcome["eligible"] is (outcome["reason"] is None)


@pytest.mark.parametrize("vendor", VENDORS)
@given(paid=cents, costs=cents, interest=cents, principal=cents)
def test_an_allocation_adds_up_to_the_payment(
    vendor: str, paid: int, costs: int, interest: int, principal: int
) -> None:
    owed = {"costs": amount(costs), "interest": amount(interest), "principal": amount(principal)}
    outcome = ask("payment.allocate", vendor, amount=amount(paid), **owed)
    if outcome is not None:
        assert sum(Decimal(part) for part in outcome.values()) == Decimal(amount(paid))
        assert all(Decimal(outcome[part]) <= Decimal(owed[part]) for part in owed)
        assert outcome["left_over"] == "0.00" or all(outcome[part] == owed[part] for part in owed)


@pytest.mark.parametrize("vendor", VENDORS)
@given(
    start=days,
    length=st.integers(0, 500),
    into=st.integers(0, 500),
    price=cents,
    seats=st.integers(1, 500),
    commitment=st.booleans(),
)
def test_an_added_seat_never_costs_more_than_a_whole_one(
    vendor: str, start: date, length: int, into: int, price: int, seats: int, commitment: bool
) -> None:
    outcome = ask("seats.add", vendor, unit_price=amount(price), currency=book().newest(vendor).currency.value, seats=seats, period_start=start,
                  period_end=start + timedelta(days=length), added_on=start + timedelta(days=min(into, length)), commitment=commitment)  # fmt: skip
    if outcome is not None:
        assert 0 < outcome["days_charged"] <= outcome["days_in_period"]
        assert Decimal(outcome["charge"]) <= Decimal(amount(price)) * seats


@pytest.mark.parametrize("vendor", VENDORS)
@given(seed=st.integers(0, 10**6))
def test_a_decision_is_equal_when_asked_twice_and_survives_json(vendor: str, seed: int) -> None:
    asker = Asker(book().newest(vendor), seed)
    for rule in registry.rules().values():
        question = asker.question(rule)
        first = answer(book(), question)
        assert answer(book(), json.loads(json.dumps(question))) == first == json.loads(json.dumps(first))
