"""Outages, maintenance and claims for credits, from the event to the credit note and the letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Notice, Subscription, VendorClock
from accounts.services import NotPossible, Supply, note_overdue, note_paid, sign_vendor_contract
from accounts.services.conduct import suspend_for
from backoffice import verify
from billing.models import CreditClaim, Invoice, Maintenance, Outage
from billing.services import (
    Incident,
    answer_claim,
    file_claim,
    import_outages,
    plan_maintenance,
    record_outage,
    record_payment,
)
from billing.services.outages import count_outages
from tests.builders import (
    allow_resale,
    make_administrator,
    make_case,
    make_customer,
    make_price,
    make_reseller,
    make_subscription,
)
from tests.stories.living import clauses, live, noon

pytestmark = pytest.mark.django_db

# A month from 1 March; what was down was down on 10 March, from nine to two by Toronto's clock.
TENTH, NEXT = date(2026, 3, 10), date(2026, 3, 11)
DOWN, UP = datetime(2026, 3, 10, 13, tzinfo=UTC), datetime(2026, 3, 10, 18, tzinfo=UTC)
MARCH = date(2026, 3, 1)
ROUTE = "traceroute to mail.example (192.0.2.1), 30 hops max\n 1  * * *\n"
APRIL = date(2026, 4, 6)


def contract(vendor: str = "securegroup", **changes: Any) -> Subscription:
    if changes.pop("priced", True):
        make_price(vendor, cycle_months=1, amount=Decimal("10.00"))
    return make_subscription(vendor, cycle_months=1, **{"quantity": 10, **changes})


def down(vendor: str = "securegroup", **changes: Any) -> Outage:
    known: dict[str, Any] = {
        "key": "monitor/1",
        "service": "email",
        "began_at": DOWN,
        "ended_at": UP,
        "cause": "server",
    }
    return record_outage(vendor=vendor, at=noon(TENTH), **{**known, **changes}).outage


def claim(subscription: Subscription, on: date = NEXT, service: str = "email", **changes: Any) -> CreditClaim:
    known: dict[str, Any] = {"started_at": DOWN, "ended_at": UP, "evidence": 3 * ROUTE}
    incident = Incident(**{**known, **changes})
    return file_claim(subscription=subscription, service=service, incident=incident, on=on, at=noon(on)).claim


def answer(made: CreditClaim, users: int = 10, on: date = APRIL) -> CreditClaim:
    return answer_claim(claim=made, users_affected=users, on=on, at=noon(on)).claim


def sound() -> None:
    assert [one.told for one in verify.verify(at=noon(APRIL)) if one.wrong] == []


def test_an_outage_is_reported_claimed_validated_and_credited_on_the_next_invoice() -> None:
    """SLA 1.9, 2.6, 2.7: five hours are 0.6944% of a month, so 99.3056%: five percent of the month's fee."""
    subscription = contract()
    down()
    made = claim(subscription)
    assert (made.month, made.claim_by) == ("2026-03", date(2026, 4, 7))
    assert (made.answer_from, made.answer_by) == (date(2026, 3, 21), date(2026, 3, 26))
    made = answer(made, on=date(2026, 3, 21))
    assert (made.state, made.availability, made.percent) == ("granted", Decimal("99.3056"), Decimal(5))
    assert (made.fee_minor, made.credit_minor) == (10000, 500)
    assert clauses(made) >= {"SLA 1.9", "SLA 2.6", "SLA 2.7", "SLA 1.10"}
    assert "We credit you with 5.00 USD on the next invoice." in Notice.objects.get(kind=Notice.Kind.CLAIM).body
    live(date(2026, 3, 24))
    first = Invoice.objects.get()
    assert first.lines.get().period_start == MARCH, "the next invoice is not issued yet"
    live(date(2026, 3, 25))
    made.refresh_from_db()
    bill = Invoice.objects.get(kind="invoice", issued_on=date(2026, 3, 25))
    assert made.credit is not None and (made.credit.corrects, made.credit.total_minor) == (bill, 500)
    assert bill.item.owed_minor == 9500
    live(date(2026, 3, 26))
    assert Invoice.objects.filter(kind="credit_note").count() == 1
    sound()


# SLA 1.9: fifteen days for the report. SLA 2.7: seven days after the month, and three traceroutes.
@pytest.mark.parametrize(
    ("on", "changes", "reason"),
    [
        pytest.param(date(2026, 3, 25), {}, "", id="SLA 1.9 last day"),
        pytest.param(date(2026, 3, 26), {}, "not_reported", id="SLA 1.9"),
        pytest.param(NEXT, {"evidence": 2 * ROUTE}, "incomplete_claim", id="SLA 2.7 traceroutes"),
        pytest.param(NEXT, {"ended_at": None}, "incomplete_claim", id="SLA 2.7 end"),
    ],
)
def test_a_claim_is_in_time_and_complete_or_earns_nothing(on: date, changes: dict[str, Any], reason: str) -> None:
    subscription = contract()
    down()
    made = answer(claim(subscription, on, **changes))
    assert (made.reason, made.state) == (reason, "refused" if reason else "granted")


def test_both_clocks_run_an_outage_at_the_months_end_is_claimed_within_seven_days() -> None:
    """SLA 2.7 ends before the fifteen days of SLA 1.9."""
    subscription = contract()
    begin = datetime(2026, 3, 31, 13, tzinfo=UTC)
    down(began_at=begin, ended_at=begin + timedelta(hours=5))
    made = claim(subscription, date(2026, 4, 8), started_at=begin, ended_at=begin + timedelta(hours=5))
    assert made.month == "2026-03"
    assert answer(made, on=date(2026, 4, 20)).reason == "late_claim"


def test_a_claim_is_completed_by_a_further_report_until_its_last_day() -> None:
    """SLA 2.7: what is incomplete is discarded; what comes in time completes it."""
    subscription = contract()
    down()
    made = claim(subscription, evidence="", ended_at=None)
    assert claim(subscription, date(2026, 4, 7), evidence=3 * ROUTE) == made
    assert made.reports.count() == 2
    assert answer(made).reason == "incomplete_claim", "the first report still does not say when it was over"
    again = contract(priced=False)
    other = claim(again, evidence="")
    claim(again, date(2026, 4, 7))
    assert answer(other).state == "granted"
    with pytest.raises(NotPossible, match="answered already"):
        claim(again, date(2026, 4, 7))
    with pytest.raises(NotPossible, match="credited already"):
        answer(other)


def test_only_the_users_on_the_failing_server_are_credited() -> None:
    """SLA 2.6: three users of ten, so three tenths of five percent."""
    subscription = contract()
    down(server="mx-2")
    made = claim(subscription, users_affected=3)
    with pytest.raises(ValidationError, match="The contract has 10 users"):
        answer(made, users=11)
    assert answer(made, users=3).credit_minor == 150
    nobody = contract(priced=False)
    assert answer(claim(nobody), users=0).reason == "nobody_affected"


def test_exchange_is_credited_by_the_hour_where_that_is_more() -> None:
    """SLA 3.7, 3.8: five hours are two steps of two hours, so ten percent."""
    subscription = contract()
    down(service="exchange")
    made = answer(claim(subscription, service="exchange"))
    assert (made.percent, made.credit_minor) == (Decimal(10), 1000)
    assert clauses(made) >= {"SLA 3.8", "SLA 3.9"}


def test_credits_and_refunds_of_a_month_are_never_more_than_its_fee() -> None:
    """SLA 1.10: three services that were down all month would earn more than the fee of the plan."""
    subscription = contract()
    end = datetime(2026, 3, 31, 18, tzinfo=UTC)
    down(service="", began_at=datetime(2026, 3, 2, 13, tzinfo=UTC), ended_at=end)
    incident = {"started_at": datetime(2026, 3, 2, 13, tzinfo=UTC), "ended_at": end}
    given = []
    for service in ("voice", "chat", "email"):
        made = claim(subscription, date(2026, 3, 12), service=service, **{**incident, "ended_at": UP})
        given.append(answer(made).credit_minor)
    assert given == [10000, 0, 0]
    assert CreditClaim.objects.filter(reason="fee_used_up").count() == 2
    sound()


def test_who_is_in_breach_waits_until_it_is_cured() -> None:
    """SLA 1.10: nothing while the customer was and is in breach; once that is cured the claim counts again."""
    subscription = contract()
    down()
    note_overdue(subscription=subscription, since=date(2026, 3, 5), on=date(2026, 3, 5), at=noon(date(2026, 3, 5)))
    made = answer(claim(subscription))
    assert (made.state, made.reason, made.credit_minor) == ("waits", "in_breach", 0)
    note_paid(subscription=subscription, on=APRIL, at=noon(APRIL))
    assert answer(made, on=date(2026, 4, 7)).state == "granted"


def test_an_outage_that_the_customers_breach_caused_earns_it_nothing() -> None:
    """SLA 1.10: its own breach, also when cured; another customer is credited."""
    subscription, other = contract(), contract(priced=False)
    case = make_case(subscription=subscription)
    down(case=case)
    assert answer(claim(subscription)).reason == "within_target"
    assert answer(claim(other)).state == "granted"


def test_who_breaks_the_policy_loses_every_credit_also_by_helping_another() -> None:
    """SP 11: no credit for what comes of a breach, by an unauthorised act or by assistance."""
    subscription = make_subscription("securepacket")
    assert subscription.terms.conduct is not None
    violation = next(iter(subscription.terms.conduct.violations))
    case = make_case("securepacket", subscription=subscription, violation=violation, helped_another=True)
    down("securepacket", case=case)
    made = claim(subscription, service="chat")
    suspend_for(case=case, on=TENTH, at=noon(TENTH))
    refused = answer(made, users=1)
    assert refused.reason == "lost_by_breach" and "11" in clauses(refused)


def test_trap_1_a_resellers_customer_is_owed_nothing_and_the_vendor_owes_us_by_its_own_clock() -> None:
    """SLA preamble: only who is billed directly. What the vendor owes us is another question, with its own last day."""
    sign_vendor_contract(supply=Supply("securegroup", "Folder 1", MARCH, cycle_months=1), at=noon(MARCH))
    allow_resale("securegroup")
    customer = make_customer(reseller=make_reseller(), billed_by="reseller")
    subscription = contract(customer=customer)
    down()
    made = answer(claim(subscription))
    assert (made.state, made.reason) == ("refused", "not_billed_directly")
    assert "SLA preamble" in clauses(made)
    ours = VendorClock.objects.get(kind="credit_claim")
    assert ours.due_on == date(2026, 4, 7)


def test_ethicmail_credits_whole_days_of_a_long_outage_by_the_same_rule() -> None:
    """EM 7.1: an outage of 49 hours is two days, each a thirtieth of the monthly fee; claimed within a month."""
    subscription = contract("ethicmail", quantity=1)
    down("ethicmail", ended_at=DOWN + timedelta(hours=49))
    made = answer(claim(subscription, ended_at=None, evidence=""), users=1)
    assert (made.state, made.credit_minor, made.availability) == ("granted", 67, None)
    late = contract("ethicmail", quantity=1, priced=False)
    refused = answer(claim(late, date(2026, 4, 13)), users=1, on=date(2026, 4, 14))
    assert refused.reason == "late_claim"


def test_a_contract_without_credits_says_so() -> None:
    subscription = make_subscription("secureflag")
    make_price("secureflag")
    assert answer(claim(subscription), users=1).reason == "not_in_contract"


def pay(subscription: Subscription) -> None:
    """What is owed for the first month, which would be a breach of the contract otherwise."""
    bill = Invoice.objects.get(subscription=subscription)
    record_payment(
        customer=subscription.customer, key="first", method="card", amount=bill.total, currency=bill.currency,
        received_on=MARCH, at=noon(MARCH),
    )  # fmt: skip


def plan(**changes: Any) -> Maintenance:
    """A window on Saturday 14 March from one to three by Toronto's clock."""
    begins = datetime(2026, 3, 14, 5, tzinfo=UTC)
    known: dict[str, Any] = {"begins_at": begins, "ends_at": begins + timedelta(hours=2), "tell_on": date(2026, 3, 11)}
    return plan_maintenance(vendor="securegroup", at=noon(TENTH), **{**known, **changes})


def worked(maintenance: Maintenance, cause: str = "planned_maintenance") -> None:
    down(began_at=maintenance.begins_at, ended_at=maintenance.ends_at, cause=cause, maintenance=maintenance)


def cause_for(subscription: Subscription) -> tuple[str, set[str]]:
    [counted] = count_outages(subscription, "email", MARCH)
    return counted.cause, {item["clause"] for item in counted.because}


def test_maintenance_is_told_to_each_administrator_two_days_before_and_is_no_outage() -> None:
    """SLA 2.4: who was told in time has no outage."""
    subscription = contract()
    make_administrator(subscription, "ada@example.com")
    make_administrator(subscription, "bea@example.com")
    work = plan()
    live(date(2026, 3, 11))
    letters = Notice.objects.filter(kind=Notice.Kind.MAINTENANCE).order_by("id")
    assert [one.recipient for one in letters] == ["ada@example.com", "bea@example.com"]
    assert "from 14 March 2026 at 01:00" in letters[0].body and clauses(letters[0]) >= {"SLA 2.4"}
    live(date(2026, 3, 12))
    assert letters.count() == 2, "nobody is told twice"
    worked(work)
    cause, cited = cause_for(subscription)
    assert cause == "planned_maintenance" and "SLA 2.4" in cited


def test_maintenance_that_a_customer_was_told_of_too_late_is_an_outage_for_that_customer() -> None:
    """SLA 2.4: a letter that left a day before, or came back, or to nobody, is no notice of two days."""
    late = contract()
    live(MARCH)
    pay(late)
    work = plan(tell_on=date(2026, 3, 13))
    live(date(2026, 3, 13))
    worked(work)
    assert cause_for(late)[0] == "server"
    never = contract(priced=False, accepted_on=date(2026, 3, 14))
    assert cause_for(never)[0] == "server"
    answered = answer(claim(late, date(2026, 3, 16), started_at=work.begins_at, ended_at=work.ends_at))
    assert answered.state == "granted" and "SLA 2.4" in clauses(answered)


def test_a_letter_that_came_back_tells_nobody() -> None:
    subscription = contract()
    work = plan()
    live(date(2026, 3, 11))
    Notice.objects.filter(kind=Notice.Kind.MAINTENANCE).update(state="bounced")
    worked(work)
    assert cause_for(subscription)[0] == "server"


def test_an_urgent_fix_needs_no_notice_but_work_that_stands_in_no_calendar_does() -> None:
    """SLA 2.4: the two days are waived for urgent fixes."""
    subscription = contract()
    worked(plan(kind="hot_fix", tell_on=date(2026, 3, 20)), "hot_fix")
    assert cause_for(subscription)[0] == "hot_fix"
    Outage.objects.update(maintenance=None)
    assert cause_for(subscription)[0] == "server"


def test_outages_come_in_by_a_file_once() -> None:
    lines = [
        "key,service,server,from,to,cause",
        "m/1,email,mx-1,2026-03-10T09:00:00-04:00,2026-03-10T14:00:00-04:00,server",
        "m/2,,,2026-03-11T09:00:00-04:00,,server",
    ]
    at = noon(TENTH + timedelta(days=1))
    assert import_outages(vendor="securegroup", lines=lines, at=at)[:2] == (2, 0)
    over = [lines[0], lines[2].replace(",,server", ",2026-03-11T10:00:00-04:00,server")]
    assert import_outages(vendor="securegroup", lines=over, at=at)[:2] == (0, 1)
    assert Outage.objects.get(key="m/2").ended_at == datetime(2026, 3, 11, 14, tzinfo=UTC)
    assert import_outages(vendor="securegroup", lines=lines, at=at)[:2] == (0, 2)
    assert Outage.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("m/3,email,,2026-03-10T09:00:00,,server", "has no offset"),
        ("m/3,email,,yesterday,,server", "Invalid isoformat"),
        ("m/3,fax,,2026-03-10T09:00:00-04:00,,server", "service: "),
        ("m/3,email,,2026-03-10T09:00:00-04:00,,aliens", "cause: "),
        ("m/3,email,,2026-03-10T09:00:00-04:00,2026-03-10T08:00:00-04:00,server", "It ends after it begins."),
        ("m/3,email", "another number of columns"),
    ],
)
def test_a_file_with_a_wrong_line_records_nothing_and_names_it(line: str, reason: str) -> None:
    good = "m/1,email,,2026-03-10T09:00:00-04:00,,server"
    lines = ["key,service,server,from,to,cause", good, line]
    [(number, told)] = import_outages(vendor="securegroup", lines=lines, at=noon(TENTH)).wrong
    assert number == 3 and reason in told and not Outage.objects.exists()
    assert import_outages(vendor="securegroup", lines=["key,from"], at=noon(TENTH)).wrong[0][0] == 1


def test_a_report_of_what_is_still_to_come_is_refused() -> None:
    subscription = contract()
    wrong: list[dict[str, Any]] = [{"started_at": DOWN + timedelta(days=1)}, {"ended_at": DOWN - timedelta(hours=1)}]
    for changes in wrong:
        with pytest.raises(ValidationError, match="An outage begins before"):
            claim(subscription, **changes)
