"""Whether the law bars customers: every look at the list is kept, and a person decides what is not certain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction

from accounts.models import Customer, Screening
from accounts.policy.names import Match
from accounts.policy.screening import ScreeningFacts, decide_screening
from accounts.screening_list import ScreeningList, screening_list
from accounts.services.customers import NotPossible
from accounts.services.verification import terms_for
from backoffice.terms.sections.identity import EndUse

Result = Screening.Result
# In place of the hash of a list: no list has it, so the day finds the row among those that looked at another one.
OUTDATED = "outdated"


@transaction.atomic
def screen(
    *,
    customer: Customer,
    vendor: str,
    on: date,
    at: datetime,
    end_use: str | None = None,
    end_user_country: str | None = None,
) -> Screening:
    """Looks a customer up in the list, for one contract, and keeps what was found.

    What is not told again of the use stays as it was known. ListBroken where the list cannot be read.
    """
    found = Customer.objects.select_for_update().get(pk=customer.pk)
    before = Screening.of(found, vendor)
    known = (before.end_use, before.end_user_country) if before else ("", "")
    look = _look(
        found,
        vendor,
        screening_list(),
        known[0] if end_use is None else end_use,
        known[1] if end_user_country is None else end_user_country,
        on=on,
        at=at,
    )
    look.full_clean(exclude=["customer"], validate_constraints=False)
    return _replace([before] if before else [], [look])[0]


def look_again(*, customer: Customer) -> None:
    """Lets the next day look a customer up again, because its name or its country may have changed."""
    Screening.objects.filter(current=True, customer=customer).update(list_sha256=OUTDATED)


def screen_again(looks: Sequence[Screening], *, on: date, at: datetime) -> None:
    """Looks again for customers whose last look was at another list; the rows are locked."""
    list_ = screening_list()
    _replace(looks, [_look(b.customer, b.vendor, list_, b.end_use, b.end_user_country, on=on, at=at) for b in looks])


def _replace(before: Sequence[Screening], looks: Sequence[Screening]) -> list[Screening]:
    """Makes looks the last ones; a decision about the very same matches stands for the new look too."""
    decided = {(one.customer_id, one.vendor): one for one in before if one.decided_as}
    for look in looks:
        old = decided.get((look.customer_id, look.vendor))
        if old is not None and look.result == Result.POSSIBLE and _same(old, look):
            look.decided_as, look.decided_by_id, look.decided_on = old.decided_as, old.decided_by_id, old.decided_on
    Screening.objects.filter(pk__in=[one.pk for one in before]).update(current=False)
    return Screening.objects.bulk_create(looks)


def _same(old: Screening, new: Screening) -> bool:
    return (old.matches, old.reasons, old.end_use) == (new.matches, new.reasons, new.end_use)


def _look(
    customer: Customer,
    vendor: str,
    list_: ScreeningList,
    end_use: str,
    end_user_country: str,
    *,
    on: date,
    at: datetime,
) -> Screening:
    sheet = terms_for(customer, vendor, on)
    matches = _matches(customer, list_)
    barred = [regime for place in {customer.country, end_user_country} for regime in list_.countries.get(place, ())]
    listed, similar = (
        tuple(sorted({list_.regimes[match.entry] for match in matches if match.same is same})) for same in (True, False)
    )
    facts = ScreeningFacts(
        country=customer.country,
        end_use=cast("EndUse | None", end_use or None),
        listed=listed,
        similar=similar,
        embargoed=tuple(sorted(set(barred))),
    )
    decision = decide_screening(sheet, facts)
    if decision.outcome is not None:
        result, reasons = decision.outcome
    else:
        # The contract names no law, but the operator's own binds it all the same: a person decides.
        found = bool(matches or barred or end_use)
        result, reasons = (Result.POSSIBLE, ("other_list",)) if found else (Result.CLEAR, ())
    return Screening(
        customer=customer,
        vendor=vendor,
        end_use=end_use,
        end_user_country=end_user_country,
        list_sha256=list_.sha256,
        list_date=list_.day,
        matches=[*([match.entry, match.similarity] for match in matches), *([one, 1] for one in sorted(set(barred)))],
        result=result,
        reasons=list(reasons),
        screened_on=on,
        sheet=sheet.id,
        because=decision.because,
        created_at=at,
    )


def _matches(customer: Customer, list_: ScreeningList) -> list[Match]:
    """What the list has of the customer's name and of its contact's, each entry once."""
    best: dict[str, Match] = {}
    for name in (customer.name, customer.contact_name):
        for match in list_.find(name):
            best[match.entry] = max(match, best.get(match.entry, match), key=lambda one: one.similarity)
    return sorted(best.values(), key=lambda match: (-match.similarity, match.entry))


@transaction.atomic
def decide_match(*, screening: Screening, as_: str, by: Any, on: date) -> Screening:
    """Keeps what a person decided of a possible match: ``clear`` or ``blocked``; it may be decided anew.

    NotPossible for a look that needs no decision or is not the last one.
    """
    found = Screening.objects.select_for_update().get(pk=screening.pk)
    if not found.current or found.result != Result.POSSIBLE or as_ not in (Result.CLEAR, Result.BLOCKED):
        raise NotPossible(f"screening {found.pk} is {found.get_result_display()}: there is nothing to decide")
    found.decided_as, found.decided_by, found.decided_on = as_, by, on
    found.save(update_fields=["decided_as", "decided_by", "decided_on"])
    return found
