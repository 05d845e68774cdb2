"""What the books of customers' contracts must hold on a day, whatever happened before: reckoned anew, beside the product,
from what was agreed and what the contracts answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.core import mail
from django.db.models import Model

from accounts.models import (
    OVER,
    RUNNING,
    Administrator,
    Agreement,
    Amendment,
    AmendmentExit,
    AmendmentNotice,
    Assignment,
    Customer,
    EligibilityCase,
    EndRequest,
    EndUser,
    Erasure,
    Licence,
    Notice,
    Period,
    SeatChange,
    SheetChange,
    StateChange,
    Subscription,
    Suspension,
)
from accounts.policy.personal_data import InformingFacts, decide_informing
from accounts.policy.term import PeriodFacts, decide_term_period
from backoffice.discovery import house_apps
from backoffice.terms.book import book
from backoffice.terms.sheet import Sheet
from billing.models import Invoice

DAY = timedelta(days=1)


# People and licences.


def a_licence_names_one_person() -> None:
    held = list(Assignment.objects.filter(until_on=None).values_list("licence", "holder", "from_on"))
    assert sorted(held) == sorted(Licence.objects.exclude(holder=None).values_list("pk", "holder", "assigned_on"))
    assert len({licence for licence, _, _ in held}) == len(held)
    named = Counter(Licence.objects.exclude(holder=None).values_list("subscription", "holder"))
    assert set(named.values()) <= {1}, named
    gone = EndUser.objects.exclude(left_on=None).filter(pk__in=[holder for _, holder, _ in held])
    assert not gone.exists()
    last: dict[int, Assignment] = {}
    for one in Assignment.objects.select_related("licence__subscription", "holder").order_by("licence", "id"):
        if before := last.get(one.licence_id):
            assert before.until_on is not None and before.until_on <= one.from_on
        last[one.licence_id] = one
    for licence in Licence.objects.exclude(holder=None).select_related("subscription", "holder"):
        assert licence.holder is not None
        assert licence.holder.customer_id == licence.subscription.customer_id


def there_are_as_many_licences_as_seats() -> None:
    seats = Counter(Licence.objects.filter(gone=False).values_list("subscription", flat=True))
    assert dict(Subscription.objects.values_list("pk", "quantity")) == dict(seats)


def no_administrator_too_many(limits: dict[tuple[int, str], int | None]) -> None:
    """``limits`` says how many the terms allowed when somebody was named last."""
    serving = Counter(Administrator.objects.filter(removed_on=None).values_list("customer", "vendor"))
    for place, count in serving.items():
        most = limits[place]
        assert most is None or count <= most, (place, count, most)


# States and periods.


def nothing_is_in_two_states() -> None:
    moves: dict[int, list[StateChange]] = defaultdict(list)
    for change in StateChange.objects.order_by("subscription", "id"):
        moves[change.subscription_id].append(change)
    lasting = set(Suspension.objects.filter(lifted_on=None).values_list("subscription", flat=True))
    for one in Subscription.objects.all():
        chain = moves[one.pk]
        assert chain[0].from_state == ""
        assert [change.from_state for change in chain[1:]] == [change.to_state for change in chain[:-1]]
        assert chain[-1].to_state == one.state
        assert [change.on for change in chain] == sorted(change.on for change in chain)
        assert sum(change.to_state in OVER for change in chain) == (one.state in OVER)
        assert (one.pk in lasting) == (one.state == "suspended"), one.state
        assert one.state not in ("active", "past_due") or (one.overdue_since is not None) == (one.state == "past_due")
        assert one.ends_on is None or one.ends_reason
        if one.state in RUNNING:
            assert one.start is not None


def periods_follow_each_other(today: date) -> None:
    periods: dict[int, list[Period]] = defaultdict(list)
    for period in Period.objects.select_related("subscription").order_by("subscription", "index"):
        periods[period.subscription_id].append(period)
    for one in Subscription.objects.exclude(state__in=["pending"]):
        course = periods[one.pk]
        if not course:
            assert one.renewal_months is None or one.state == "void", one
            continue
        assert [period.index for period in course] == list(range(len(course)))
        assert course[0].period_start == one.start
        for before, after in pairwise(course):
            assert before.state == "renewed"
            assert after.period_start == before.renews_on == before.period_end + DAY
        last = course[-1]
        if one.state in RUNNING:
            assert last.state == "open"
            assert last.period_start <= today or last.index == 0
            assert last.closes_on == min(last.period_end, one.ends_on or last.period_end)
        else:
            assert last.state == "ended" and one.ends_on is not None


def what_is_over_is_over(today: date) -> None:
    """By the end of a day's run nothing goes on whose last day was before."""
    running = Subscription.objects.filter(state__in=RUNNING)
    assert not running.filter(ends_on__lt=today).exists()
    assert not Period.objects.filter(state="open", closes_on__lt=today).exists()
    assert not Suspension.objects.filter(lifted_on=None, until_on__lt=today).exists()
    assert not SeatChange.objects.to_leave().filter(effective_on__lte=today).exists()


def ends_are_kept(standing: dict[int, list[date]]) -> None:
    """What ended a contract goes on doing so, unless it was that which was taken back: ``standing`` holds the last days
    that notices set which nobody took back."""
    last_days: dict[int, list[date]] = defaultdict(list)
    for subscription, days in standing.items():
        last_days[subscription] += days
    for left in AmendmentExit.objects.filter(allowed=True).select_related("notice"):
        if left.ends_on:
            last_days[left.notice.subscription_id].append(left.ends_on)
    told = AmendmentNotice.objects.filter(amendment__subject="service_end", told_on__isnull=False)
    for notice in told.exclude(state__in=["waived", "offered", "left", "untold"]):
        if notice.effective_on:
            last_days[notice.subscription_id].append(notice.effective_on)
    for one in Subscription.objects.filter(state__in=RUNNING):
        expected = min(last_days[one.pk], default=None)
        assert one.ends_on == expected, (one.ends_on, one.ends_reason, last_days[one.pk])


# What was agreed.


def agreed(one: Subscription, first: str) -> list[tuple[date, str]]:
    """The versions that judged a contract and since when: that of its order, and each change that its customer was told
    of or agreed to."""
    versions = [(date.min, first)]
    changes = SheetChange.objects.filter(subscription=one).select_related("amendment_notice__amendment")
    for change in changes.order_by("on", "id"):
        notice = change.amendment_notice
        assert change.old_sheet == versions[-1][1], "a change begins with the version before"
        assert notice.subscription_id == one.pk and notice.amendment.new_sheet == change.new_sheet
        assert notice.told_on is not None and notice.told_on <= change.on
        if not change.agreed:
            assert notice.effective_on is not None and notice.effective_on <= change.on
            assert notice.state != "untold"
        versions.append((change.on, change.new_sheet))
    assert one.sheet == versions[-1][1], "what judges a contract is what was agreed last"
    return versions


@cache
def with_contracts() -> tuple[type[Model], ...]:
    """The models whose rows cite a version of the terms and hang on a contract."""
    found = []
    for model in apps.get_models():
        if model._meta.app_config is not None and model._meta.app_config.name in house_apps():
            names = {field.name for field in model._meta.concrete_fields}
            if "sheet" in names and ("subscription" in names or model._meta.label in WAYS):
                found.append(model)
    return tuple(found)


# Whose sheet is that of an earlier decision on which the row rests, by the path to it.
RESTS_ON = {
    "accounts.MaterialClaim": "notice__sheet",
    "accounts.AmendmentExit": "notice__sheet",
    "accounts.Waiver": "notice__sheet",
}
# By which way a row hangs on its contract, where it is not by a column of its own.
WAYS = {
    "accounts.MaterialClaim": "notice__subscription",
    "accounts.AmendmentExit": "notice__subscription",
    "accounts.Waiver": "notice__subscription",
    "accounts.Assignment": "licence__subscription",
}


class Sheets:
    """Looks at each row that cites a version when it is first seen: the version must have judged the contract since the
    last look, and every clause stand in one that was agreed by now."""

    def __init__(self, models: Callable[[], list[type[Model]]]) -> None:
        """``models`` says which models may have new rows since it was asked last."""
        self.models = models
        self.seen: dict[str, int] = {}
        self.last = date.min
        self.first: dict[int, str] = {}

    def look(self, today: date) -> None:
        history: dict[int, list[tuple[date, str]]] = {}
        for one in Subscription.objects.all():
            self.first.setdefault(one.pk, book().sheet_for(one.vendor, one.accepted_on).id)
            history[one.pk] = agreed(one, self.first[one.pk])
        for model in self.models():
            for row in self._new(model):
                self._check(model._meta.label, row, history[row["contract"]], today)
        self.last = today

    def _new(self, model: type[Model]) -> Iterator[dict[str, Any]]:
        label = model._meta.label
        way = WAYS.get(label, "subscription")
        names = {"pk": "pk", "contract": way, "sheet": "sheet"}
        columns = {field.name for field in model._meta.concrete_fields}
        names |= {name: name for name in ("because", "kind", "obligation") if name in columns}
        names |= {"rests_on": RESTS_ON[label]} if label in RESTS_ON else {}
        rows = model._default_manager.filter(pk__gt=self.seen.get(label, 0), **{f"{way}__isnull": False})
        for values in rows.order_by("pk").values_list(*names.values()):
            self.seen[label] = values[0]
            yield dict(zip(names, values, strict=True))

    def _check(self, label: str, row: dict[str, Any], versions: list[tuple[date, str]], today: date) -> None:
        by_now = [sheet for _, sheet in versions]
        # On the day of a change, what came before it that day was judged by the version before.
        until = [*(since for since, _ in versions[1:]), today]
        now = [sheet for sheet, last in zip(by_now, until, strict=True) if last >= self.last]
        if "rests_on" in row:
            assert row["sheet"] == row["rests_on"] in by_now, (label, row)
        elif label == "accounts.Notice" and row["kind"] in ("renewal", "invoice"):
            # Such a letter cites what judged the period, or what was invoiced.
            kind, _, about = row["obligation"].partition("/")
            told: Any = Invoice.objects.filter(key=about)
            if kind == "renewal":
                told = Period.objects.filter(subscription=row["contract"], index=about.rpartition("/")[2])
            assert row["sheet"] == told.get().sheet in by_now
        else:
            assert row["sheet"] in now, (label, row, versions)
        vendor = row["sheet"].partition("/")[0]
        theirs = {clause for sheet in book().versions(vendor) if sheet.id in by_now for clause in clauses(sheet)}
        others = {clause for sheet in book().versions(vendor) for clause in clauses(sheet)} - theirs
        cited = {item["clause"] for item in row.get("because", ())}
        assert not cited & others, f"{label} {row['pk']} cites {cited & others}, which was not agreed"


def clauses(sheet: Sheet) -> set[str]:
    return {place.term.clause for place in sheet.places()}


# Notices.


def due_notices(today: date) -> tuple[set[str], set[str]]:
    """The obligations whose notices must have been written by the end of a day's run, and those beside them that may."""
    must, may = due_of_periods(today)
    must |= {f"termination/{change.subscription_id}" for change in StateChange.objects.filter(to_state__in=OVER)}
    must |= {f"termination/{request.subscription_id}" for request in EndRequest.objects.exclude(notice=None)}
    must |= {f"eligibility/{case.subscription_id}" for case in EligibilityCase.objects.exclude(reminded_on=None)}
    for person in Administrator.objects.all():
        told = decide_informing(book().sheet(person.sheet), InformingFacts(person="contact")).outcome
        if told is not None and told.told_by == "vendor":
            must.add(f"data_information/{person.pk}")
    for notice in AmendmentNotice.objects.exclude(told_on=None):
        # One for each time that it was told; between two of them it is planned anew.
        letters = notice.times_told + (notice.state != "planned")
        must |= {
            f"amendment/{notice.amendment_id}/{notice.subscription_id}{f'/{n}' if n else ''}" for n in range(letters)
        }
    return must, may


def due_of_periods(today: date) -> tuple[set[str], set[str]]:
    """The same for the letters about periods: of renewals, and invoices, those for anything else too."""
    must = {f"invoice/{key}" for key in Invoice.objects.values_list("key", flat=True)}
    may: set[str] = set()
    for period in Period.objects.select_related("subscription"):
        contract = period.subscription
        assert contract.start is not None
        goes_on = contract.ends_on is None or contract.ends_on > period.period_end
        renews = period.state == "renewed" or (period.state == "open" and goes_on)
        answer = decide_term_period(
            book().sheet(period.sheet),
            PeriodFacts(
                start=contract.start,
                cycle_months=contract.cycle_months,
                index=period.index,
                commitment=contract.commitment,
            ),
        ).answer
        name = f"{contract.pk}/{period.index}"
        if answer.renewal_notice_on is not None:
            if answer.renewal_notice_on <= today and renews:
                must.add(f"renewal/{name}")
            if period.tell_on is not None and period.tell_on <= today:
                may.add(f"renewal/{name}")
        if answer.invoice_on <= today:
            (must if renews else may).add(f"invoice/period/{contract.pk}/{period.index + 1}")
    return must, may


KINDS = ("renewal", "invoice", "termination", "eligibility", "data_information", "amendment")


def no_notice_is_missed_and_none_is_written_twice(today: date) -> None:
    must, may = due_notices(today)
    written = {one.obligation: one for one in Notice.objects.all()}
    missed = must - set(written)
    assert not missed, f"missed: {sorted(missed)}"
    reckoned = {name for name, one in written.items() if one.kind in KINDS}
    assert reckoned <= must | may, f"nothing made due: {sorted(reckoned - must - may)}"
    keys = Counter((one.obligation, one.party, one.channel) for one in written.values())
    assert set(keys.values()) <= {1}
    suspended = Counter(Suspension.objects.values_list("subscription", flat=True))
    assert suspended == Counter(one.subscription_id for one in written.values() if one.kind == "suspension")
    resumed = Counter(
        StateChange.objects.filter(from_state="suspended")
        .exclude(to_state__in=OVER)
        .values_list("subscription", flat=True)
    )
    assert resumed == Counter(one.subscription_id for one in written.values() if one.kind == "resumption")


def every_mail_left_once(today: date) -> None:
    """By the end of a day's run all letters by e-mail are gone, each once, with the words that are kept."""
    left = Counter(str(one.extra_headers["Message-ID"]) for one in mail.outbox)
    assert set(left.values()) <= {1}, left
    bodies = {str(one.extra_headers["Message-ID"]): one.body for one in mail.outbox}
    for one in Notice.objects.filter(channel="email", written_on__lt=today):
        assert one.state != "waiting", one.obligation
        assert left[one.message_id] == 1, one.obligation
        assert one.body in ("", bodies[one.message_id])


def every_change_reaches_its_contracts(today: date) -> None:
    """Each contract under the version that a change replaces, or of the plan that it is about, was told of it."""
    known = {(one.amendment_id, one.subscription_id): one for one in AmendmentNotice.objects.all()}
    contracts = list(Subscription.objects.filter(state__in=RUNNING))
    under_since = dict(SheetChange.objects.order_by("on", "id").values_list("subscription", "on"))
    begun = dict(
        StateChange.objects.filter(to_state="active", from_state__in=["", "pending"]).values_list(
            "subscription", "created_at"
        )
    )
    for amendment in Amendment.objects.filter(published_on__lt=today):
        for one in contracts:
            if amendment.vendor != one.vendor or amendment.plan not in ("", one.plan):
                continue
            since = max(begun[one.pk].date(), under_since.get(one.pk, date.min))
            if amendment.old_sheet:
                if one.sheet != amendment.old_sheet:
                    continue
                due = max(amendment.tell_on, amendment.published_on + DAY, since + DAY)
            else:
                if since > amendment.published_on:
                    continue
                due = max(amendment.tell_on, amendment.published_on + DAY)
            if due > today:
                continue
            notice = known.get((amendment.pk, one.pk))
            assert notice is not None, f"{amendment.pk} has not reached {one.pk}"
            assert notice.told_on is not None or notice.state == "waived", (notice.state, amendment.pk, one.pk)


def who_is_erased_hears_nothing_more() -> None:
    erased = Erasure.objects.filter(state="done", subject="accounts.customer").values_list("subject_id", "asked_on")
    for customer, on in erased:
        later = Notice.objects.filter(customer=customer, written_on__gt=on)
        assert not later.exists(), [one.obligation for one in later]
        person = Customer.objects.get(pk=customer)
        assert person.email.endswith("@erased.invalid")
        assert not Subscription.objects.filter(customer=customer).exclude(state__in=OVER).exists()


def what_was_accepted_is_what_judges() -> None:
    for one in Agreement.objects.exclude(subscription=None).select_related("document", "subscription"):
        assert one.sheet == one.document.sheet and one.sha256 == one.document.sha256
