"""What is done with changes of contracts: they are published, planned for each contract they reach, told, and take
effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.letters import amendment_letter
from accounts.models import (
    RUNNING,
    Amendment,
    AmendmentNotice,
    ContractDocument,
    Notice,
    PlannedEnd,
    Reason,
    SheetChange,
    Subscription,
)
from accounts.notices import Draft, write_notices
from accounts.policy.amendment import Subject
from accounts.policy.changes import ToldFacts, decide_amendment_notice
from accounts.services import states
from accounts.services.amendment_plans import plan_for_new, reached_by
from accounts.services.amendment_reach import Reach, judge, period_ends
from accounts.services.contracts import renewal_months
from accounts.services.customers import NotPossible
from backoffice.terms.book import book
from backoffice.terms.difference import difference
from backoffice.terms.money import to_minor
from backoffice.terms.question import QuestionError
from backoffice.terms.words import value_words

State = AmendmentNotice.State


class Publication(NamedTuple):
    """A change to be published: from one version of a contract to another, or of what stands in none of them."""

    vendor: str
    subject: Subject
    tell_on: date
    text: str = ""
    old_sheet: str = ""
    new_sheet: str = ""
    plan: str = ""
    prices: tuple[Decimal, Decimal] | None = None
    emergency: bool = False
    exempt: bool = False
    document: ContractDocument | None = None


@transaction.atomic
def publish_amendment(*, change: Publication, on: date, at: datetime) -> Amendment:
    """Notes a change; the vendor's next days plan it for every contract that it reaches and tell the customers.

    With versions it reaches the contracts under the old one, else all of the vendor's (of the plan). ValidationError
    for what cannot be so, KeyError for a version that is not in the book, QuestionError where the contract asks for
    what is missing (both prices, say), NotPossible where the new version has no periods of a length that was agreed.
    """
    amendment = draft_amendment(change=change, on=on, at=at)
    amendment.save()
    return amendment


def draft_amendment(*, change: Publication, on: date, at: datetime) -> Amendment:
    """The change as it would be published, checked as ``publish_amendment`` checks it, and not kept."""
    currency = book().newest(change.vendor).currency.value
    prices = [to_minor(price, currency) for price in change.prices or ()]
    amendment = Amendment(
        published_on=on,
        created_at=at,
        changes=_words(change),
        currency=currency if prices else "",
        old_price_minor=prices[0] if prices else None,
        new_price_minor=prices[1] if prices else None,
        **{name: value for name, value in change._asdict().items() if name != "prices"},
    )
    amendment.full_clean()
    _check(amendment)
    return amendment


def _words(change: Publication) -> list[dict[str, str]]:
    """What changes, value by value, in words; what is only worded otherwise is left out."""
    if not change.new_sheet:
        return []
    found = []
    for one in difference(book().sheet(change.old_sheet), book().sheet(change.new_sheet)):
        old, new = (value_words(term.value, one.labels[-1]) if term else "" for term in (one.old, one.new))
        term = one.new or one.old
        if one.kind != "reworded" and term is not None:
            found.append({"label": ": ".join(one.labels), "old": old, "new": new, "clause": term.clause})
    return found


def _check(amendment: Amendment) -> None:
    """Asks what the days will ask, so that what cannot be answered is refused now."""
    if amendment.new_sheet and {amendment.old_sheet.partition("/")[0], amendment.new_sheet.partition("/")[0]} != {
        amendment.vendor
    }:
        raise ValidationError({"new_sheet": "Both versions are of this vendor's contract."})
    contracts = reached_by(amendment)
    for sheet in set(contracts.values_list("sheet", flat=True)):
        told = decide_amendment_notice(book().sheet(sheet), ToldFacts(subject=cast(Subject, amendment.subject)))
        if told.outcome and told.outcome.difference and not (amendment.text or amendment.changes):
            raise ValidationError({"text": "The contract wants the customers to be told what is different."})
        if told.outcome and told.outcome.archive and amendment.document is None:
            raise ValidationError({"document": "The contract keeps an archive: the new text has to be in it."})
        judge(amendment, sheet, amendment.tell_on, amendment.tell_on)
    if amendment.new_sheet:
        terms = book().sheet(amendment.new_sheet)
        for months, commitment in set(contracts.values_list("cycle_months", "commitment")):
            try:
                renewal_months(terms, months, commitment)
            except QuestionError as error:
                raise NotPossible(f"contracts of {months} months cannot go on under {terms.id}: {error}") from error


def tell_customers(notices: Sequence[AmendmentNotice], *, day: date, at: datetime) -> None:
    """Tells customers of changes and notes what follows for each contract; the rows are locked, their contracts too."""
    ends = period_ends([notice.subscription_id for notice in notices])
    known: dict[tuple[int, str, date | None, str, str], Reach] = {}
    drafts = []
    for notice in notices:
        contract, amendment = notice.subscription, notice.amendment
        moved_on = amendment.old_sheet and contract.sheet != amendment.old_sheet
        if contract.state not in RUNNING or moved_on:
            notice.state, notice.done_on = State.OVER, day
            continue
        period_end = ends.get(contract.pk)
        customer = contract.customer
        key = (amendment.pk, contract.sheet, period_end, customer.country, customer.time_zone)
        if key not in known:
            known[key] = judge(amendment, contract.sheet, day, period_end, customer)
        _note_told(notice, known[key], day)
        drafts.append(_draft(notice, known[key].channel, day))
    write_notices(drafts, at=at)
    AmendmentNotice.objects.bulk_update(notices, TOLD_COLUMNS)
    _plan_ends([notice for notice in notices if notice.state == State.TOLD], day)


JUDGED_COLUMNS = (
    "given_on", "effective_on", "leave_until", "only_if_material", "may_dissolve", "keep_until", "because",
)  # fmt: skip
TOLD_COLUMNS = ("state", "done_on", "sheet", "told_on", "moves_on", *JUDGED_COLUMNS)


def _note_told(notice: AmendmentNotice, reach: Reach, day: date) -> None:
    notice.sheet, notice.told_on, notice.done_on = notice.subscription.sheet, day, day
    for name in (
        "given_on",
        "effective_on",
        "leave_until",
        "only_if_material",
        "may_dissolve",
        "keep_until",
        "because",
    ):
        setattr(notice, name, getattr(reach, name))
    notice.state = State.TOLD if reach.effective_on else State.OFFERED
    # Who may go on under the old version does so to the last day of that, unless the customer takes the new one first.
    notice.moves_on = reach.keep_until + timedelta(days=1) if reach.keep_until else reach.effective_on


def _draft(notice: AmendmentNotice, channel: Notice.Channel, day: date) -> Draft:
    contract = notice.subscription
    return Draft(
        kind=Notice.Kind.AMENDMENT,
        about=notice.obligation,
        sheet=notice.sheet,
        because=notice.because,
        due_on=notice.tell_on,
        written_on=day,
        letter=amendment_letter(notice),
        recipient=contract.customer.email,
        customer=contract.customer,
        subscription=contract,
        channel=channel,
    )


def _plan_ends(notices: Sequence[AmendmentNotice], day: date) -> None:
    """Where the vendor ends a service, the day on which that takes effect is the last day of its contracts."""
    states.plan_ends(
        [
            PlannedEnd(
                subscription=notice.subscription,
                reason=Reason.SERVICE_END,
                by=PlannedEnd.By.VENDOR,
                told_on=day,
                ends_on=notice.effective_on,
                amendment_notice=notice,
                sheet=notice.sheet,
                because=notice.because,
            )
            for notice in notices
            if notice.amendment.subject == Amendment.Subject.SERVICE_END and notice.effective_on
        ]
    )


def take_effect(notices: Sequence[AmendmentNotice], *, day: date) -> None:
    """Lets changes that were told take effect; the rows are locked, and their contracts.

    A contract whose customer stayed is judged by the new version from this day on, and what was decided before keeps
    its own. A change whose letter came back takes no effect.
    """
    keys = {f"{Notice.Kind.AMENDMENT}/{notice.obligation}": notice for notice in notices}
    lost = (Notice.State.BOUNCED, Notice.State.FAILED)
    came_back = set(Notice.objects.filter(obligation__in=keys, state__in=lost).values_list("obligation", flat=True))
    staying = []
    for key, notice in keys.items():
        if key in came_back:
            notice.state = State.UNTOLD
        elif notice.subscription.state not in RUNNING:
            notice.state = State.OVER
        else:
            notice.state = State.IN_EFFECT
            staying.append(notice)
        notice.done_on = day
    AmendmentNotice.objects.bulk_update(notices, ["state", "done_on"])
    untold = [notice for notice in notices if notice.state == State.UNTOLD]
    states.take_back(PlannedEnd.objects.standing().filter(amendment_notice__in=untold), on=day)
    change_sheets(staying, on=day, agreed=False)


def change_sheets(notices: Sequence[AmendmentNotice], *, on: date, agreed: bool) -> None:
    """Puts contracts under the new version of a change from a day on, and keeps which one judged them before."""
    moving = [one for one in notices if one.amendment.new_sheet and one.subscription.sheet == one.amendment.old_sheet]
    SheetChange.objects.bulk_create(
        SheetChange(
            subscription=one.subscription,
            amendment_notice=one,
            on=on,
            old_sheet=one.amendment.old_sheet,
            new_sheet=one.amendment.new_sheet,
            agreed=agreed,
            because=one.because,
        )
        for one in moving
    )
    contracts = [one.subscription for one in moving]
    for contract, notice in zip(contracts, moving, strict=True):
        contract.sheet = notice.amendment.new_sheet
        contract.renewal_months = renewal_months(contract.terms, contract.cycle_months, contract.commitment)
    Subscription.objects.bulk_update(contracts, ["sheet", "renewal_months"])
    plan_for_new(contracts, on=on)
