"""What a rehearsal tells of agreements: acceptances, orders for resale, special terms, owners and confirmations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accounts.models import (
    Agreement,
    ConfirmationForm,
    Ownership,
    ResaleOrder,
    ResalePermission,
    SpecialTerm,
    Subscription,
)
from accounts.policy.resale import BARRED, NEEDED, ResaleAnswer, tell_resale
from accounts.reports.happened import Figures, happened_to
from backoffice.rehearsal import Happening, days_of
from backoffice.terms.book import book
from backoffice.terms.words import counted
from backoffice.timeline import World


def acceptances(world: World) -> Iterator[Happening]:
    """Each text that somebody accepted, and how."""
    for one in world.told(Agreement.objects.select_related("customer", "document", "end_user", "reseller"), "customer"):
        who = f"The user {one.end_user}" if one.end_user else f"The {one.get_party_display()}"
        power = ", as its agent" if one.capacity == Agreement.Capacity.AGENT else ""
        yield Happening(
            on=one.accepted_at.date(),
            kind="acceptance",
            vendor=one.sheet.partition("/")[0],
            sheet=one.sheet,
            name=world.name(Subscription, one.subscription_id),
            customer=one.customer.name if one.customer else str(one.reseller),
            says=f"{who} accepted {one.document}{power} ({one.get_how_display()}).",
            figures={"party": one.party, "how": one.how, "sha256": one.sha256},
            because=[],
        )


def resales(world: World) -> Iterator[Happening]:
    """Each permission of a vendor, and each order of what is to be passed on, with what came of it."""
    for one in world.told(ResalePermission.objects.select_related("customer", "reseller"), "customer"):
        whom = f"for {one.customer or one.reseller}" if one.customer or one.reseller else "for all whom it is sold to"
        yield Happening(
            on=one.from_on,
            kind="permission to resell",
            vendor=one.vendor,
            sheet=book().newest(one.vendor).id,
            name="",
            customer=one.customer.name if one.customer else "",
            says=f"The vendor has given {NEEDED[one.kind]} {whom}: {one.reference}.",
            figures=days_of(one, ["from_on", "until_on"]),
            because=[],
        )
    for asked in world.told(ResaleOrder.objects.select_related("customer"), "customer"):
        yield Happening(
            on=asked.asked_on,
            kind="order for resale",
            vendor=asked.vendor,
            sheet=asked.sheet,
            name=world.name(Subscription, asked.subscription_id),
            customer=asked.customer.name,
            says=resale_words(asked),
            figures={"plan": asked.plan, "quantity": asked.quantity, "blocked": int(asked.subscription_id is None)},
            because=asked.because,
        )


def resale_words(asked: ResaleOrder) -> str:
    """What was said to an order for resale."""
    if not asked.reason:
        return "The contract does not say whether it may be resold."
    says = tell_resale(ResaleAnswer(asked.reason not in BARRED, asked.reason, asked.needs or None))
    elsewhere = asked.reason not in BARRED and asked.subscription_id is None
    return f"{says} The order was refused for another reason." if elsewhere else says


def special_terms(world: World) -> Iterator[Happening]:
    """What was agreed with one customer alone, and when the contract's own value counted again."""
    for one in world.told(SpecialTerm.objects.select_related("subscription__customer")):
        figures: Figures = {"key": one.key, **days_of(one, ["from_on", "until_on"])}
        says = f"It was agreed specially, as {one.reference} says: {one.words}."
        yield happened_to(one.subscription, world, one.from_on, "special term", says, figures, one.because)


def owners(world: World) -> Iterator[Happening]:
    """Each time a service came into other hands."""
    for one in world.told(Ownership.objects.select_related("owner", "subscription__customer")):
        if one.from_on != one.subscription.accepted_on or one.controller:
            controlled = f", and {one.controller} controls it" if one.controller else ""
            says = f"The service is owned by {one.owner}{controlled}."
            yield happened_to(
                one.subscription, world, one.from_on, "owner", says, days_of(one, ["from_on", "until_on"]), []
            )


def confirmations(world: World) -> Iterator[Happening]:
    """Each form that confirmed an order."""
    for one in world.told(ConfirmationForm.objects.select_related("subscription__customer")):
        figures: Figures = {
            "class": one.customer_class,
            "months": one.months,
            "price": str(one.price),
            "currency": one.currency,
            "licences": one.licences,
            **days_of(one, ["start"]),
        }
        day: date = one.made_at.date()
        yield happened_to(one.subscription, world, day, "confirmation", confirmation_words(one), figures, one.because)


def confirmation_words(form: ConfirmationForm) -> str:
    """What a form confirmed, in a sentence."""
    months = counted(form.months, "month")
    licences = "" if form.licences is None else f", {form.licences} licences"
    return f"Confirmed: {form.product} for {months}, {form.price} {form.currency}{licences}."


TELLERS = (acceptances, resales, special_terms, owners, confirmations)
