"""What a rehearsal tells of changes of contracts."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import AmendmentExit, AmendmentNotice, MaterialClaim, SheetChange, Waiver
from accounts.policy.changes import Leaving, tell_leaving
from accounts.reports.happened import happened_to
from accounts.services.amendment_reach import Reach
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World

DAYS = ("given_on", "effective_on", "leave_until", "keep_until", "moves_on")


def amendments(world: World) -> Iterator[Happening]:
    """Each change that reached a contract, and what its customer did about it."""
    for one in world.told(AmendmentNotice.objects.select_related("amendment", "subscription__customer")):
        figures = {"subject": one.amendment.subject, "state": one.state, **days_of(one, DAYS)}
        says = f"A change ({one.amendment.get_subject_display()}): {effect_words(one)} It is {one.get_state_display()}."
        on = one.told_on or one.tell_on
        yield happened_to(one.subscription, world, on, "change of terms", says, figures, one.because)
    yield from _versions(world)
    yield from _answers(world)


def effect_words(notice: AmendmentNotice) -> str:
    """When a change takes effect for a contract, and until when its customer may leave, as a sentence."""
    if notice.told_on is None:
        return f"the customer is told on {day_words(notice.tell_on)}."
    return reach_words(notice)


def reach_words(of: AmendmentNotice | Reach) -> str:
    """The same of what a change that was told does, or would."""
    if of.effective_on is None:
        return "the contract does not let it be changed by a notice, so the customer has to agree."
    leave = f"; the customer may leave until {day_words(of.leave_until)}" if of.leave_until else ""
    kept = f"; the old version may be kept until {day_words(of.keep_until)}" if of.keep_until else ""
    return f"it takes effect on {day_words(of.effective_on)}{leave}{kept}."


def _versions(world: World) -> Iterator[Happening]:
    for one in world.told(SheetChange.objects.select_related("subscription__customer")):
        how = "because the customer agreed" if one.agreed else "as the customer stayed"
        says = f"From now on {one.new_sheet} judges the contract in place of {one.old_sheet}, {how}."
        figures = {"old_sheet": one.old_sheet, "new_sheet": one.new_sheet}
        yield happened_to(one.subscription, world, one.on, "new version", says, figures, one.because)


def _answers(world: World) -> Iterator[Happening]:
    contract = "notice__subscription__customer"
    for claim in world.told(MaterialClaim.objects.select_related(contract), contract):
        says = f"The customer claims that a change materially affects it: {claim.get_state_display()}."
        about, figures = claim.notice.subscription, {"state": claim.state, **days_of(claim, ["answered_on"])}
        yield happened_to(about, world, claim.received_on, "claim", says, figures, claim.because)
    for left in world.told(AmendmentExit.objects.select_related(contract), contract):
        says = tell_leaving(Leaving(left.allowed, left.reason, left.ends_on))
        about, figures = left.notice.subscription, {"reason": left.reason, **days_of(left, ["ends_on"])}
        yield happened_to(about, world, left.asked_on, "wish to leave", says, figures, left.because)
    for waiver in world.told(Waiver.objects.select_related(contract), contract):
        says = f"The change is {'waived' if waiver.allowed else 'not waived'} for this customer."
        about = waiver.notice.subscription
        yield happened_to(about, world, waiver.on, "waiver", says, {"allowed": waiver.allowed}, waiver.because)
