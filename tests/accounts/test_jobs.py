from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.jobs import terms as jobs
from accounts.models import Notice, Period, SeatChange, Subscription
from accounts.services import give_notice
from backoffice import days, outbox
from backoffice.models import Event
from billing.models import OpenItem, RateTable
from billing.services.invoices import take_numbers
from tests.builders import make_customer, make_price, make_subscription

pytestmark = pytest.mark.django_db

# A subscription begun on 1 March 2026 ends on 28 February 2027; 13.2 asks for a notice by the 21st, a Sunday, so by
# 15.5 it has to leave on Friday the 19th.
FRIDAY = date(2027, 2, 19)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def tell(day: date = FRIDAY) -> None:
    while jobs.renewals_to_tell({"secureflag": day}):
        jobs.tell_of_renewals("secureflag", day, at(day))


def test_the_customer_is_told_on_the_day_and_not_before() -> None:
    make_subscription()
    tell(date(2027, 2, 18))
    assert not Notice.objects.exists()
    tell()
    notice = Notice.objects.get()
    assert (notice.kind, notice.written_on, notice.due_on) == ("renewal", date(2027, 2, 19), date(2027, 2, 21))
    assert (notice.state, notice.created_at) == ("waiting", at(FRIDAY))
    assert {"13.2", "15.5"} <= {item["clause"] for item in notice.because}
    assert Period.objects.get().noticed_on == FRIDAY


def test_the_letter_goes_out_by_e_mail() -> None:
    make_subscription(customer=make_customer(name="Ada", email="ada@example.com"))
    tell()
    outbox.deliver(at=at(FRIDAY))
    notice, [letter] = Notice.objects.get(), mail.outbox
    assert (letter.to, letter.subject, letter.body) == (["ada@example.com"], notice.subject, notice.body)
    assert letter.message()["Message-ID"] == notice.message_id
    assert letter.message()["Content-Language"] == "en"
    assert (notice.state, notice.sent_at) == ("sent", at(FRIDAY))


def test_the_event_holds_ids_only() -> None:
    subscription = make_subscription()
    tell()
    event = Event.objects.get()
    assert event.payload == {"obligation": f"renewal/{subscription.pk}/0"}
    assert event.key == f"notice/renewal/{subscription.pk}/0"


def test_a_letter_sent_again_bears_the_same_name() -> None:
    make_subscription()
    tell()
    outbox.claim(at=at(FRIDAY))
    outbox.deliver(at=at(FRIDAY) + outbox.LEASE)
    Event.objects.update(done_at=None)
    outbox.deliver(at=at(FRIDAY) + outbox.LEASE)
    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_a_letter_that_cannot_be_sent_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    make_subscription()
    tell()
    monkeypatch.setattr(outbox, "RETRY_AFTER", ())
    Notice.objects.update(recipient="two\nlines@example.com")
    assert outbox.deliver(at=at(FRIDAY)).failed == 1
    assert Notice.objects.get().state == "failed"


def test_who_has_given_notice_is_told_of_no_renewal() -> None:
    give_notice(subscription=make_subscription(), notice_on=date(2026, 5, 1), by="customer")
    tell()
    assert not Notice.objects.exists()
    assert Period.objects.get().noticed_on is None


@pytest.mark.parametrize("vendor", ["securegroup", "ethicmail", "cryptopass", "securepacket"])
def test_a_contract_that_asks_for_no_notice_gets_none(vendor: str) -> None:
    make_subscription(vendor)
    assert jobs.renewals_to_tell({vendor: date(2030, 1, 1)}) == {}


def test_a_notice_is_written_once_even_if_its_mark_is_lost() -> None:
    make_subscription()
    tell()
    Period.objects.update(noticed_on=None)
    tell()
    assert (Notice.objects.count(), Event.objects.count()) == (1, 1)


def test_a_term_renews_on_the_day_after_its_last() -> None:
    make_subscription()
    for day, periods in ((date(2027, 2, 28), 1), (date(2027, 3, 1), 2)):
        jobs.renew_or_end("secureflag", day, at(day))
        assert Period.objects.count() == periods
    assert Period.objects.get(index=1).period_start == date(2027, 3, 1)


def test_a_term_ends_on_the_day_after_its_last() -> None:
    subscription = make_subscription()
    give_notice(subscription=subscription, notice_on=date(2026, 5, 1), by="customer")
    for day, state in ((date(2027, 2, 28), "active"), (date(2027, 3, 1), "ended")):
        jobs.renew_or_end("secureflag", day, at(day))
        subscription.refresh_from_db()
        assert subscription.state == state
    assert jobs.terms_to_close({"secureflag": date(2028, 1, 1)}) == {}


def test_a_job_passes_over_other_vendors() -> None:
    make_subscription()
    assert jobs.renew_or_end("securegroup", date(2028, 1, 1), at(FRIDAY)) == 0
    assert jobs.terms_to_close({"securegroup": FRIDAY, "secureflag": date(2027, 3, 1)}) == {"secureflag": 1}


def test_the_first_day_is_the_earliest_start_of_what_runs() -> None:
    make_subscription(accepted_on=date(2026, 3, 5))
    make_subscription(accepted_on=date(2026, 3, 4))
    Subscription.objects.filter(pk=make_subscription("ethicmail").pk).update(state="ended", ends_on=date(2026, 3, 3))
    assert jobs.first_starts() == {"secureflag": date(2026, 3, 4)}


# The jobs that the rows below give something to do.
FILLED = (
    "Customers are told of renewals",
    "Renewals are invoiced",
    "Late payment is charged",
    "What is overdue is noted",
    "Customers are told of what is overdue",
    "Invoices go to customers",
    "Terms renew or end",
    "Seats that were given up leave",
)


def queries_of_a_day(rows: int, day: date) -> int:
    """How many queries a day needs that tells, invoices and renews so many subscriptions, and takes a seat of each away."""
    model = make_subscription(quantity=2)
    period = model.periods.get()
    # Their first periods were invoiced long ago.
    model.charged_on = model.start
    model.save(update_fields=["charged_on"])
    subscriptions = Subscription.objects.bulk_create(
        Subscription(**{f.attname: getattr(model, f.attname) for f in Subscription._meta.fields if f.name != "id"})
        for _ in range(rows - 1)
    )
    columns = {f.attname: getattr(period, f.attname) for f in Period._meta.fields if f.name != "id"}
    Period.objects.bulk_create(Period(**{**columns, "subscription_id": one.pk}) for one in subscriptions)
    leaving = {"vendor": "secureflag", "kind": "given_up", "seats": 1, "asked_on": day, "effective_on": day}
    SeatChange.objects.bulk_create(
        SeatChange(subscription=one, sheet=one.sheet, created_at=at(day), **leaving) for one in [model, *subscriptions]
    )
    # What was left unpaid before is not late here.
    OpenItem.objects.update(count_on=None)
    with CaptureQueriesContext(connection) as queries:
        runs = days.run_day("secureflag", day, at=at(day))
    assert {run.job: run.count for run in runs if run.count} == dict.fromkeys(FILLED, rows)
    return len(queries)


def test_queries_grow_with_chunks_and_not_with_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    # SQLite takes the values of a statement in portions; here one portion holds all that a chunk writes.
    monkeypatch.setattr(connection.features, "max_query_params", 100_000)
    monkeypatch.setattr("backoffice.days.CHUNK", 100)
    take_numbers("INV", 1)
    make_price()
    # Whoever looks after the published rates has seen that they are old.
    RateTable.objects.update(alarmed_on=date(2027, 2, 28))
    some, one_chunk, two_chunks, ten_chunks = (
        queries_of_a_day(rows, date(2027, 3, number)) for number, rows in enumerate((10, 100, 200, 1000), 1)
    )
    assert some == one_chunk
    assert ten_chunks - one_chunk == 9 * (two_chunks - one_chunk)
