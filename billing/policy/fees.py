"""What work or use beside the service costs, and what has to come before it is charged."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from backoffice.terms.calendar import elapsed_hours_after
from backoffice.terms.decision import Citations, Decision, decided, not_covered
from backoffice.terms.facts import Facts, Flag, Moment, Money, Rate, fact
from backoffice.terms.money import rounded
from backoffice.terms.registry import rule
from backoffice.terms.sections.fees import Fee
from backoffice.terms.sheet import Sheet
from backoffice.terms.words import listed, moment_words


class FeeFacts(Facts):
    kind: Literal["restoration", "support", "migration", "bandwidth", "licence"] = fact("What for", "restoration")
    units: Rate = fact("Hours, or how much of it", "1.5")
    unit_price: Money | None = fact("Price of one that was set for this case", None)
    approved_at: Moment | None = fact("An administrator approved it at", "2026-04-08T11:00:00-04:00")
    warned_of_loss: Flag = fact("The customer was warned that encrypted items may be lost", True)
    backup_confirmed: Flag = fact("The customer has confirmed that it has a backup", False)


class FeeAnswer(NamedTuple):
    """What it costs (None while no price is set), what has to come before it is charged, and by when it is done."""

    amount: Decimal | None
    lacks: tuple[str, ...]
    do_by: datetime | None


LACKING = {
    "price": "a price that was set for it",
    "approval": "an administrator's approval",
    "encrypted_loss": "a warning that encrypted items may be lost",
    "backup": "the customer's word that it has a backup",
}


def tell_fee(outcome: FeeAnswer) -> str:
    costs = "No price is set." if outcome.amount is None else f"It costs {outcome.amount}."
    lacks = (
        f" Before it is charged it lacks {listed([LACKING[one] for one in outcome.lacks])}." if outcome.lacks else ""
    )
    by = f" It is done by {moment_words(outcome.do_by)}." if outcome.do_by else ""
    return costs + lacks + by


@rule("fee.service", "What does it cost, and may it be charged?", tell_fee)
def decide_fee_service(sheet: Sheet, facts: FeeFacts) -> Decision[FeeAnswer]:
    """The fee for so many units of work or use, and what is still lacking before it may be charged."""
    terms: Fee | None = getattr(sheet.fees, facts.kind) if sheet.fees else None
    if terms is None:
        return not_covered(sheet)
    cite = Citations()
    lacks = []
    price: Decimal | None
    if terms.unit_price is not None:
        price = cite(terms.unit_price)
    elif terms.agreed is not None and cite(terms.agreed):
        price = facts.unit_price
    else:
        return not_covered(sheet)
    if price is None:
        lacks.append("price")
    if terms.approved is not None and cite(terms.approved) and facts.approved_at is None:
        lacks.append("approval")
    given = {"encrypted_loss": facts.warned_of_loss, "backup": facts.backup_confirmed}
    if terms.warned is not None:
        lacks += [one for one in cite(terms.warned) if not given[one]]
    amount = None
    if price is not None:
        cost = Fraction(price) * Fraction(facts.units)
        least = Fraction(cite(terms.least)) if terms.least is not None else Fraction(0)
        amount = rounded(max(cost, least), sheet.currency.value)
    do_by = None
    if terms.hours is not None and facts.approved_at is not None:
        if sheet.time_zone is not None:
            cite(sheet.time_zone)
        do_by = elapsed_hours_after(facts.approved_at, cite(terms.hours)).astimezone(sheet.zone)
    return decided(sheet, cite, FeeAnswer(amount, tuple(lacks), do_by))
