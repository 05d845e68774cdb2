"""What a rehearsal tells of our own deadlines with vendors."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import VendorClock, VendorContract
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.words import day_words
from backoffice.timeline import World

DAYS = ("due_on", "customers_day", "binds_on", "warned_on", "missed_on", "met_on")


def vendor_clocks(world: World) -> Iterator[Happening]:
    """Each deadline of ours: what it is for, by when, whose day binds, and what came of it."""
    for one in world.told(VendorClock.objects.select_related("contract"), "contract__subscription__customer"):
        yield Happening(
            on=one.binds_on,
            kind="deadline of ours",
            vendor=one.vendor,
            sheet=one.sheet,
            name=world.name(VendorContract, one.contract_id),
            customer="",
            says=clock_words(one),
            figures={"kind": one.kind, "about": one.about, "state": one.state, **days_of(one, DAYS)},
            because=one.because,
        )


def clock_words(clock: VendorClock) -> str:
    """A deadline as a sentence."""
    theirs = ""
    if clock.binds_on < clock.due_on:
        theirs = f", because our customer's own day comes before the vendor's, {day_words(clock.due_on)}"
    what = f"{clock.get_kind_display()} ({clock.about})"
    return f"{what[0].upper()}{what[1:]}: {day_words(clock.binds_on)}{theirs}. It is {clock.get_state_display()}."
