"""Customers' contracts from the order to the erasure, by every verb in whatever order, day after day: the books hold."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import backoffice.terms.book as shelves
from accounts.delivery import came_back
from accounts.models import (
    OVER,
    RUNNING,
    Administrator,
    AmendmentNotice,
    Customer,
    EligibilityCase,
    EndRequest,
    EndUser,
    Erasure,
    Licence,
    MaterialClaim,
    Notice,
    Period,
    Reason,
    Subscription,
    Succession,
    Suspension,
)
from accounts.services import (
    NotPossible,
    Order,
    Person,
    Publication,
    Signatory,
    accept,
    add_seats,
    agree_to_amendment,
    answer_claim,
    assign_licence,
    claim_material_effect,
    confirm_payment,
    designate_administrator,
    end_after_merger,
    give_notice,
    give_up_seats,
    hand_contract_on,
    leave,
    leave_over_amendment,
    note_overdue,
    note_paid,
    note_succession,
    place_order,
    publish_amendment,
    register_customer,
    register_end_user,
    remove_administrator,
    request_end,
    resume,
    right_form,
    stop_at_once,
    suspend,
    tell_again,
    tell_end_complete,
    terminate,
    waive_amendment,
    withdraw_notice,
)
from accounts.services.documents import Shown, add_document_of
from accounts.services.eligibility import accept_documents, reconsider
from accounts.services.erasure import erase
from accounts.services.received import Incoming, receive_notice
from backoffice import clocks, days, outbox
from backoffice.terms.book import book
from backoffice.terms.calendar import months_after
from backoffice.terms.question import QuestionError
from backoffice.terms.sheet import Sheet, SheetError
from billing.models import Price
from tests.accounts import lifecycle
from tests.builders import accept_texts, make_price, make_text
from tests.stories.living import noon
from tests.stories.versions import second_version

VENDORS = book().vendors()
DAY = timedelta(days=1)
FIRST = date(2026, 3, 2)
PLANS = ("Team", "Enterprise")
# Which of the things that there are: by their number, over again where there are fewer.
WHICH = st.integers(0, 5)
NAMES = st.integers(0, 6)
ADA = Signatory("Ada Ader", "Director", "officer")
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
# The sections of a contract that this machine's verbs ask.
SECTIONS = (
    "period", "period_uncommitted", "start", "amendment", "seats", "seats_uncommitted", "administrators", "renewal_switch",
    "completion", "succession", "eligibility", "stops", "deemed", "disposition", "notices", "assigning", "retention",
)  # fmt: skip
T = TypeVar("T")


def verb(**given: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule that comes some days after the one before; mostly none."""

    def decorate(do: Callable[..., None]) -> Any:
        @wraps(do)
        def later(self: Life, days_: int, **chosen: Any) -> None:
            self.live(self.day + timedelta(days=days_))
            do(self, **chosen)

        ruled: Callable[..., Any] = rule
        return ruled(days_=st.sampled_from([0, 0, 0, 1, 1, 2]), **given)(later)

    return decorate


class Written:
    """Notes which tables rows were put into, so that only those are looked at."""

    def __init__(self) -> None:
        self.anything = False
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.anything = True
            if sql.startswith("INSERT"):
                self.tables.add(sql.split('"', 2)[1])
        return execute(sql, params, many, context)

    def models(self) -> list[type[Model]]:
        """The models that got rows since this was asked last, of those that cite a version and hang on a contract."""
        tables, self.tables = self.tables, set()
        return [model for model in lifecycle.with_contracts() if model._meta.db_table in tables]


class Life(RuleBasedStateMachine):
    """A few customers, a few contracts of one or two vendors, and whatever may come."""

    # How many days pass at most until something runs out.
    patience = 3

    def __init__(self) -> None:
        super().__init__()
        self.books = transaction.savepoint()
        self.written = Written()
        self.watching = connection.execute_wrapper(self.written)
        self.watching.__enter__()
        self.folder = Path(tempfile.mkdtemp(prefix="lifecycle-"))
        self.patched = pytest.MonkeyPatch()
        self.media = override_settings(MEDIA_ROOT=self.folder / "media")
        self.media.enable()
        mail.outbox.clear()
        self.day = FIRST
        self.versions = 1
        self.documents = 0
        self.people = 0
        self.sheets = lifecycle.Sheets(self.written.models)
        # How many administrators the terms allowed when one was named last, by customer and vendor.
        self.limits: dict[tuple[int, str], int | None] = {}
        # The last days that notices set which nobody took back, by contract and who gave them.
        self.standing: dict[tuple[int, str], date] = {}

    def teardown(self) -> None:
        """Takes everything back, so that each run begins with empty books."""
        self.watching.__exit__(None, None, None)
        transaction.savepoint_rollback(self.books)
        self.patched.undo()
        shelves.book.cache_clear()
        self.media.disable()
        shutil.rmtree(self.folder)

    # What the verbs share.

    @property
    def at(self) -> Any:
        return noon(self.day)

    def possible(self, verb: Callable[..., T], **given: Any) -> T | None:
        """What is not possible is said so, and leaves no half behind: the invariants look at that."""
        try:
            with transaction.atomic():
                return verb(**given)
        except (NotPossible, QuestionError, ValidationError) as error:
            assert str(error)
            return None

    def customer(self, number: int, erased: bool = False) -> Customer:
        found = Customer.objects.order_by("pk")
        if not erased:
            found = found.exclude(
                pk__in=Erasure.objects.filter(state="done", subject="accounts.customer").values("subject_id")
            )
        return found[number % found.count()] if found.exists() else self.new_customer("FR")

    def new_customer(self, country: str) -> Customer:
        self.people += 1
        name = f"Customer {self.people}"
        known: dict[str, Any] = {"country": country, "phone": "+33612345678", "street": "Rue 1", "city": "Lyon"}
        return register_customer(name=name, email=f"customer{self.people}@example.com", at=self.at, **known)

    def contract(self, number: int, states: tuple[str, ...] = RUNNING) -> Subscription | None:
        found = Subscription.objects.filter(state__in=states).order_by("pk")
        return found[number % len(found)] if found else None

    def change(self, number: int, *states: str) -> AmendmentNotice | None:
        found = AmendmentNotice.objects.filter(state__in=states).order_by("pk")
        return found[number % len(found)] if found else None

    def place(self, vendor: str, customer: Customer, **given: Any) -> None:
        placed = self.possible(place_order, customer=customer, order=Order(vendor=vendor, **given), at=self.at)
        if placed is not None and placed.subscription is None:
            assert placed.refused is not None and placed.refused.because

    def live(self, until: date) -> None:
        """Runs the days until one, that day included, then looks at the books."""
        if until == self.day:
            return
        self.day = until
        self.put_prices()
        assert days.catch_up(at=self.at) == {}
        clocks.poll(at=self.at)
        outbox.deliver(at=self.at)
        self.sheets.look(self.day)
        self.all_due_is_done()

    def all_due_is_done(self) -> None:
        """What was due by the end of a day's run is done, and is written once."""
        lifecycle.what_is_over_is_over(self.day)
        lifecycle.no_notice_is_missed_and_none_is_written_twice(self.day)
        lifecycle.every_mail_left_once(self.day)
        lifecycle.every_change_reaches_its_contracts(self.day)
        lifecycle.who_is_erased_hears_nothing_more()

    def put_prices(self) -> None:
        """No invoice has to wait for a price."""
        for one in Subscription.objects.filter(state__in=RUNNING).exclude(renewal_months=None):
            wanted = {"vendor": one.vendor, "plan": one.plan, "cycle_months": one.renewal_months}
            if not Price.objects.filter(**wanted).exists():
                make_price(
                    one.vendor,
                    plan=one.plan,
                    cycle_months=one.renewal_months,
                    from_on=book().versions(one.vendor)[0].from_,
                )

    # The beginning.

    @initialize(
        vendors=st.lists(st.sampled_from(VENDORS), min_size=1, max_size=2, unique=True),
        plan=st.sampled_from(PLANS),
        quantity=st.integers(1, 3),
        commitment=st.booleans(),
    )
    def begin(self, vendors: list[str], plan: str, quantity: int, commitment: bool) -> None:
        """A contract with each vendor begins today; from now on there is a day."""
        self.vendors = vendors
        customer = self.new_customer("FR")
        for vendor in vendors:
            paid = {"payment_confirmed_on": self.day, "agreed_start": self.day}
            terms = {"plan": plan, "quantity": quantity, "commitment": commitment, "method": "card"}
            self.place(vendor, customer, accepted_on=self.day, **paid, **terms)
        assert Subscription.objects.filter(state="active").count() == len(vendors)
        self.day -= DAY
        self.live(self.day + DAY)

    # Orders and what is accepted.

    @verb(
        vendor=WHICH,
        customer=WHICH,
        months=st.sampled_from([None, None, 1, 3, 12]),
        commitment=st.booleans(),
        quantity=st.integers(1, 3),
        plan=st.sampled_from(PLANS),
        method=st.sampled_from(["card", "bank_transfer"]),
        left=st.integers(0, 8),
        paid=st.booleans(),
        new=st.booleans(),
        country=st.sampled_from([None, None, None, "FR", "US"]),
    )
    def order(
        self,
        vendor: int,
        customer: int,
        months: int | None,
        left: int,
        paid: bool,
        new: bool,
        country: str | None,
        **terms: Any,
    ) -> None:
        """An order, of today or, entered late, of a contract whose period has so many days left; maybe a new customer's."""
        name = self.vendors[vendor % len(self.vendors)]
        accepted_on = self.day if new else self.begun(name, months, left, terms["commitment"])
        day = accepted_on if paid else None
        who = self.customer(customer) if country is None else self.new_customer(country)
        self.place(
            name,
            who,
            accepted_on=accepted_on,
            payment_confirmed_on=day,
            agreed_start=accepted_on,
            cycle_months=months,
            **terms,
        )

    def begun(self, vendor: str, months: int | None, left: int, commitment: bool) -> date:
        sheet = book().sheet_for(vendor, self.day)
        periods = sheet.period if commitment or sheet.period_uncommitted is None else sheet.period_uncommitted
        length = months or (periods.default_months.value if periods else 1)
        return months_after(self.day + timedelta(days=left), -length)

    @verb(number=WHICH, user=WHICH)
    def accept(self, number: int, user: int) -> None:
        """A first payment comes; else a text is accepted for a contract, and by one of its users."""
        if waiting := self.contract(number, ("pending",)):
            self.possible(confirm_payment, subscription=waiting, on=self.day, at=self.at)
        elif contract := self.contract(number):
            text = make_text(contract.sheet)
            given = {"by": Signatory("Ada", "owner"), "how": "portal", "at": self.at}
            self.possible(accept, document=text, subscription=contract, **given)
            users = EndUser.objects.filter(customer=contract.customer, left_on=None).order_by("pk")
            if users:
                accept_texts(users[user % len(users)], at=self.at)

    # People and seats.

    @verb(
        number=WHICH, name=NAMES, outsider=st.sampled_from([False, False, False, True]), many=st.sampled_from([1, 1, 5])
    )
    def name_administrators(self, number: int, name: int, outsider: bool, many: int) -> None:
        """Somebody is to manage an account, or more people than any contract allows."""
        if contract := self.contract(number):
            for one in range(name, name + many):
                self.name_administrator(contract, one, outsider)

    def name_administrator(self, contract: Subscription, name: int, outsider: bool) -> None:
        customer, vendor = contract.customer, contract.vendor
        serving = Administrator.objects.filter(customer=customer, vendor=vendor, removed_on=None)
        before = serving.count()
        person = Person(f"A{name}", f"a{name}@example.com", outsider=outsider)
        named = self.possible(
            designate_administrator, customer=customer, vendor=vendor, person=person, on=self.day, at=self.at
        )
        if named is None:
            assert serving.filter(email=person.email).exists()
            return
        newest = Subscription.objects.filter(customer=customer, vendor=vendor).exclude(state__in=OVER)
        limit = self.limit(newest.order_by("-accepted_on", "-pk")[0].terms)
        if named.administrator is None:
            assert outsider or (limit is not None and before >= limit)
        else:
            self.limits[customer.pk, vendor] = limit

    @staticmethod
    def limit(sheet: Sheet) -> int | None:
        return sheet.administrators.limit.value if sheet.administrators and sheet.administrators.limit else None

    @verb(who=st.sampled_from([EndUser, Administrator]), which=WHICH)
    def somebody_leaves(self, who: Any, which: int) -> None:
        if who is EndUser and (users := EndUser.objects.filter(left_on=None).order_by("pk")):
            leave(user=users[which % len(users)], on=self.day)
        if who is Administrator and (serving := Administrator.objects.filter(removed_on=None).order_by("pk")):
            remove_administrator(administrator=serving[which % len(serving)], on=self.day)

    @verb(number=WHICH, seats=st.integers(1, 2), by=NAMES)
    def add(self, number: int, seats: int, by: int) -> None:
        if contract := self.contract(number):
            given = {"seats": seats, "unit_price": Decimal(120), "asked_by": f"a{by}@example.com"}
            self.possible(add_seats, subscription=contract, on=self.day, at=self.at, **given)

    @verb(number=WHICH, numbers=st.lists(st.integers(1, 5), min_size=1, max_size=2), by=NAMES)
    def reduce(self, number: int, numbers: list[int], by: int) -> None:
        if contract := self.contract(number):
            given = {"numbers": numbers, "asked_by": f"a{by}@example.com"}
            self.possible(give_up_seats, subscription=contract, on=self.day, at=self.at, **given)

    @verb(number=WHICH, licence=st.integers(1, 5), user=NAMES, by=NAMES)
    def assign(self, number: int, licence: int, user: int, by: int) -> None:
        """A licence names somebody for the first time, or somebody else."""
        contract = self.contract(number)
        if contract is None:
            return
        found = Licence.objects.filter(subscription=contract, number=licence).first()
        name = f"u{user}"
        known = EndUser.objects.filter(customer=contract.customer, username=name).first()
        holder = known or register_end_user(customer=contract.customer, username=name, on=self.day)
        if found is not None:
            self.possible(assign_licence, licence=found, holder=holder, asked_by=f"a{by}@example.com", on=self.day)

    @verb(number=WHICH, user=NAMES, by=NAMES)
    def reassign(self, number: int, user: int, by: int) -> None:
        """A licence that names somebody is to name another."""
        contract = self.contract(number)
        held = Licence.objects.filter(subscription=contract).exclude(holder=None).order_by("pk") if contract else ()
        if contract and held:
            self.assign(number, held[user % len(held)].number, (user + 1) % 7, by)

    @verb(number=WHICH, to=WHICH, relation=st.sampled_from(["group", "successor", "other"]), agreed=st.booleans())
    def hand_on(self, number: int, to: int, relation: str, agreed: bool) -> None:
        """Another customer takes a contract over."""
        if contract := self.contract(number):
            given = {"relation": relation, "consent": agreed, "told_in_writing": agreed, "bound": True}
            self.possible(
                hand_contract_on, subscription=contract, to=self.customer(to), on=self.day, at=self.at, **given
            )

    # Notices and ends.

    @verb(number=WHICH, by=st.sampled_from(["customer", "customer", "vendor"]), right=st.booleans())
    def give_notice(self, number: int, by: Any, right: bool) -> None:
        contract = self.contract(number)
        if contract is None:
            return
        if right:
            form = right_form(contract, "non_renewal", by, self.at)
            incoming = Incoming("non_renewal", form, self.at, sender=by, subscription=contract)
            noted = self.possible(receive_notice, incoming=incoming, at=self.at)
            ends_on = noted.notice.ends_on if noted else None
        else:
            decision = self.possible(give_notice, subscription=contract, notice_on=self.day, by=by)
            ends_on = decision.outcome.ends_on if decision and decision.outcome else None
        if ends_on is not None:
            self.standing[contract.pk, by] = min(ends_on, self.standing.get((contract.pk, by), ends_on))

    @verb(number=WHICH, agreed=st.booleans())
    def withdraw(self, number: int, agreed: bool) -> None:
        contract = self.contract(number)
        if contract is None:
            return
        before = contract.withdrawals.count()
        self.possible(withdraw_notice, subscription=contract, on=self.day, at=self.at, agreed=agreed)
        if contract.withdrawals.count() > before:
            assert self.standing.pop((contract.pk, "customer"))

    @verb(number=WHICH, kind=st.sampled_from(["at once", "asked for", "death", "merger", "after merger"]))
    def end(self, number: int, kind: str) -> None:
        """A contract ends at once, by request, by a death or a merger; an order that waits for its payment is withdrawn."""
        contract = self.contract(number, (*RUNNING, "pending"))
        if contract is None:
            return
        if contract.state == "pending":
            self.possible(
                terminate, subscription=contract, reason=Reason.WITHDRAWN, because=[], on=self.day, at=self.at
            )
        elif kind == "at once":
            self.possible(terminate, subscription=contract, reason=Reason.BREACH, because=[], on=self.day, at=self.at)
        elif kind == "asked for":
            self.possible(request_end, subscription=contract, on=self.day, at=self.at)
            for request in EndRequest.objects.filter(subscription=contract):
                self.possible(tell_end_complete, request=request, on=self.day, at=self.at)
        elif kind == "after merger":
            for merger in Succession.objects.filter(subscription=contract, event="merger", state="open"):
                self.possible(end_after_merger, succession=merger, on=self.day, at=self.at)
        else:
            self.possible(note_succession, subscription=contract, event=kind, in_writing=True, on=self.day, at=self.at)

    @verb(
        number=WHICH,
        ground=WHICH,
        how=st.sampled_from(["suspend", "end"]),
        days_ago=st.sampled_from([0, 20]),
        lasts=st.booleans(),
    )
    def stop(self, number: int, ground: int, how: Any, days_ago: int, lasts: bool) -> None:
        """One of the grounds that the contract names suspends it or ends it at once."""
        contract = self.contract(number)
        grounds = sorted(contract.terms.stops.grounds) if contract and contract.terms.stops else []
        if contract and grounds:
            since, until = self.day - timedelta(days=days_ago), None if lasts else self.day + timedelta(days=4)
            given = {"ground": grounds[ground % len(grounds)], "since": since, "how": how, "until": until}
            self.possible(stop_at_once, subscription=contract, on=self.day, at=self.at, **given)

    @verb(number=WHICH, reason=st.sampled_from(["unpaid", "conduct", "breach"]), until=st.sampled_from([None, 0, 3]))
    def suspend(self, number: int, reason: str, until: int | None) -> None:
        if contract := self.contract(number):
            last = None if until is None else self.day + timedelta(days=until)
            self.possible(
                suspend, subscription=contract, reason=reason, because=[], until=last, on=self.day, at=self.at
            )

    @verb(which=WHICH, all_of_it=st.booleans())
    def resume(self, which: int, all_of_it: bool) -> None:
        found = Suspension.objects.filter(lifted_on=None).order_by("pk")
        if found:
            one = found[which % len(found)]
            reason = None if all_of_it else one.reason
            self.possible(resume, subscription=one.subscription, on=self.day, at=self.at, reason=reason)

    @verb(number=WHICH, paid=st.booleans())
    def pay(self, number: int, paid: bool) -> None:
        """Something is overdue, or is not any more."""
        if contract := self.contract(number):
            if paid:
                self.possible(note_paid, subscription=contract, on=self.day, at=self.at)
            else:
                self.possible(note_overdue, subscription=contract, since=self.day - DAY, on=self.day, at=self.at)

    # Changes of terms.

    @verb(
        vendor=WHICH,
        subject=st.sampled_from(["terms", "terms", "aup", "sla"]),
        term=st.integers(0, 200),
        step=st.sampled_from([1, 1, -1, 5]),
        told_in=st.sampled_from([0, 0, 3]),
        ahead=st.sampled_from([1, 10]),
        emergency=st.sampled_from([False, False, True]),
    )
    def amend(self, vendor: int, subject: Any, term: int, step: int, told_in: int, ahead: int, emergency: bool) -> None:
        """A new version of a contract, in which one number is another and every clause has a name of its own."""
        name = self.vendors[vendor % len(self.vendors)]
        newest = book().newest(name)
        from_on = self.day + timedelta(days=ahead)
        if newest.from_ >= self.day:
            return
        numbers = [
            (place.key, place.term.value) for place in newest.places()
            if place.path[0] in SECTIONS and type(place.term.value) is int
        ]  # fmt: skip
        changes = {}
        if numbers:
            key, value = numbers[term % len(numbers)]
            changes = {key: max(value + step, 0)}
        with pytest.MonkeyPatch.context() as trial:
            try:
                old, new = self.new_version(trial, name, from_on, changes)
                change = Publication(
                    name, subject, self.day + timedelta(days=told_in), "It differs.", old, new, emergency=emergency
                )
                published = self.possible(publish_amendment, change=change, on=self.day, at=self.at)
            except SheetError:
                published = None
            folders = list(shelves._folders)
        if published is not None:
            self.patched.setattr(shelves, "_folders", folders)
        shelves.book.cache_clear()

    def new_version(
        self, patch: pytest.MonkeyPatch, vendor: str, from_on: date, changes: dict[str, Any]
    ) -> tuple[str, str]:
        self.versions += 1
        home = self.folder / f"version {self.versions}"
        old, new = second_version(home, patch, vendor, from_on, changes)
        file = home / f"{new}.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(
            re.sub(r'clause = "([^"\[]*?)(?: \[\d+\])?"', rf'clause = "\1 [{self.versions}]"', text), encoding="utf-8"
        )
        shelves.book.cache_clear()
        assert book().newest(vendor).id == new
        return old, new

    @verb(
        vendor=WHICH,
        subject=st.sampled_from(["price", "service_end"]),
        plan=st.sampled_from(["", *PLANS]),
        told_in=st.sampled_from([0, 3]),
        rise=st.sampled_from([105, 120]),
    )
    def change_what_is_sold(self, vendor: int, subject: Any, plan: str, told_in: int, rise: int) -> None:
        """A price rises, or a service comes to its end."""
        name = self.vendors[vendor % len(self.vendors)]
        prices = (Decimal(100), Decimal(rise)) if subject == "price" else None
        tell_on = self.day + timedelta(days=told_in)
        change = Publication(name, subject, tell_on, "It differs.", plan=plan, prices=prices)
        self.possible(publish_amendment, change=change, on=self.day, at=self.at)

    @verb(
        which=WHICH,
        what=st.sampled_from(
            ["agree", "leave", "claim", "accept claim", "refuse claim", "waive", "comes back", "tell again"]
        ),
    )
    def answer_change(self, which: int, what: str) -> None:
        """A customer agrees to a change, leaves because of it, says that it affects it, or is spared it; or never hears of it."""
        now: dict[str, Any] = {"on": self.day, "at": self.at}
        if what == "agree" and (one := self.change(which, "told", "offered")):
            self.possible(agree_to_amendment, notice=one, by=ADA, how="email", **now)
        if what == "leave" and (one := self.change(which, "told", "in_effect")):
            self.possible(leave_over_amendment, notice=one, in_writing=True, **now)
        if what == "claim" and (one := self.change(which, "told", "in_effect")):
            self.possible(claim_material_effect, notice=one, words="It hurts.", **now)
        if what in ("accept claim", "refuse claim"):
            for claim in MaterialClaim.objects.filter(state="open")[:1]:
                answer_claim(claim=claim, accepted=what == "accept claim", on=self.day)
        if what == "waive" and (one := self.change(which, "planned", "told", "offered")):
            self.possible(waive_amendment, notice=one, severe=True, words="", **now)
        if what == "comes back" and (sent := Notice.objects.filter(state="sent", kind="amendment").order_by("-pk")):
            self.possible(came_back, notice=sent[which % len(sent)], at=self.at, result="550")
        if what == "tell again" and (one := self.change(which, "untold")):
            self.possible(tell_again, notice=one, on=self.day)

    # What runs out, and what goes.

    @verb(which=WHICH, shown=st.booleans())
    def show_documents(self, which: int, shown: bool) -> None:
        """A customer shows what its contract asks for, or moves to where it may not subscribe, or back."""
        cases = EligibilityCase.objects.exclude(state="ended").order_by("pk")
        if not cases:
            return
        case = cases[which % len(cases)]
        customer = case.subscription.customer
        if shown:
            self.documents += 1
            document = Shown("register", PDF + str(self.documents).encode())
            self.possible(
                add_document_of, customer=customer, vendor=case.vendor, shown=document, on=self.day, at=self.at
            )
            self.possible(accept_documents, case=case, on=self.day)
        else:
            country = "US" if customer.country == "FR" else "FR"
            Customer.objects.filter(pk=customer.pk).update(country=country)
            reconsider(customer=customer, on=self.day)

    @verb(kind=st.sampled_from([Customer, Customer, EndUser, Administrator]), which=WHICH)
    def erase(self, kind: Any, which: int) -> None:
        found = kind.objects.order_by("pk")
        if found:
            erasure = erase(subject=found[which % found.count()], on=self.day, at=self.at)
            assert (erasure.state == "done") == (not erasure.refused_for)
            if kind is Customer and erasure.state == "done":
                self.sell_nothing_to(Customer.objects.get(pk=erasure.subject_id))

    def sell_nothing_to(self, customer: Customer) -> None:
        """Who was erased is nobody to whom anything could be sold."""
        today: dict[str, Any] = {"accepted_on": self.day, "payment_confirmed_on": self.day, "agreed_start": self.day}
        order = Order(vendor=self.vendors[0], plan="Team", method="card", **today)
        with pytest.raises(NotPossible, match="erased"):
            place_order(customer=customer, order=order, at=self.at)

    @rule()
    def lapse(self) -> None:
        """Days pass until the next thing runs out, if that is not far: a period, a suspension, a time to show something."""
        closing = Period.objects.filter(state="open").values_list("closes_on", flat=True)
        lasting = Suspension.objects.filter(lifted_on=None).exclude(until_on=None).values_list("until_on", flat=True)
        acting = EligibilityCase.objects.exclude(act_on=None).values_list("act_on", flat=True)
        moving = AmendmentNotice.objects.filter(state="told").values_list("moves_on", flat=True)
        ahead = [
            day for days_ in (closing, lasting, acting, moving) for day in days_ if day is not None and day >= self.day
        ]
        self.live(min([*(day + DAY for day in ahead), self.day + timedelta(days=self.patience)]))

    # What holds.

    @invariant()
    def the_books_hold(self) -> None:
        if not self.written.anything:
            return
        lifecycle.a_licence_names_one_person()
        lifecycle.there_are_as_many_licences_as_seats()
        lifecycle.no_administrator_too_many(defaultdict(lambda: None, self.limits))
        lifecycle.nothing_is_in_two_states()
        lifecycle.periods_follow_each_other(self.day)
        standing: dict[int, list[date]] = defaultdict(list)
        for (contract, _), ends_on in self.standing.items():
            standing[contract].append(ends_on)
        lifecycle.ends_are_kept(standing)
        self.sheets.look(self.day)
        lifecycle.what_was_accepted_is_what_judges()
        self.written.anything = False


@pytest.mark.django_db
def test_contracts_hold_together_through_every_verb() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=12, stateful_step_count=25))


class LongLife(Life):
    """The same with weeks between one thing and the next."""

    patience = 8


@pytest.mark.long
@pytest.mark.django_db
def test_contracts_hold_together_through_long_lives() -> None:
    run_state_machine_as_test(LongLife, settings=settings(max_examples=400, stateful_step_count=50))
