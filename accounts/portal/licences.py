"""Seats and whom they name: giving them on, giving them up, and the people who can hold them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import services
from accounts.models import RUNNING, EndUser, Licence, Subscription
from accounts.policy.agreements import tell_acceptance
from accounts.portal.asking import Answer, Asking, ask, now_of, why_of
from accounts.portal.scope import Scope, act_on, acting, one
from accounts.services.licences import Assigned
from accounts.services.user_texts import barred_users
from backoffice.portal import page, today
from backoffice.terms.decision import Decision
from backoffice.terms.words import day_words
from backoffice.why import SILENT, Why

ON_A_PAGE = 50
# Which rule answered is seen by what its answer holds.
RULES = {"Ordering": "administrators.order", "SeatReassigned": "seats.reassign", "SeatRemoved": "seats.remove"}


def why(decision: Decision[Any] | None) -> Why | None:
    """The panel of an answer about seats, whichever rule gave it; None where the contract had none to give."""
    if decision is None or decision.outcome is None:
        return None
    return why_of(RULES[type(decision.outcome).__name__], decision)


def licences(request: HttpRequest, number: int) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]  # every page of the portal asks for a sign-in
    known = one(scope.subscriptions().select_related("customer"), number)
    rows = scope.licences().filter(subscription=known).select_related("holder", "given_up").order_by("number")
    context = {
        "subscription": known,
        "licences": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "acts": known.state in RUNNING and acting(scope.user).subscriptions().filter(pk=known.pk).exists(),
    }
    return TemplateResponse(request, "portal/licences.html", context)


def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Lets a seat name a person, or another one."""
    user: Any = request.user
    seat = act_on(Scope(user).licences().select_related("subscription", "holder"), acting(user).licences(), number)
    subscription = seat.subscription
    now = now_of(subscription.vendor)
    free = EndUser.objects.filter(customer=subscription.customer_id, left_on=None)
    free = free.exclude(licences__subscription=subscription).order_by("username")

    class Whom(forms.Form):
        holder = forms.ModelChoiceField(
            free, label="Person", empty_label="Choose a person", help_text="People without a seat of this contract."
        )

    def act(entered: dict[str, Any]) -> Answer:
        made = services.assign_licence(licence=seat, holder=entered["holder"], asked_by=user.email, on=now.on)
        return _assigned(seat, entered["holder"], made)

    asking = Asking(
        title=f"Give seat {seat.number} to {'another person' if seat.holder else 'a person'}",
        form=lambda data: Whom(data),
        act=act,
        back=reverse("portal:licences", args=(subscription.pk,)),
        button="Give it on" if seat.holder else "Give it",
        said=f"Seat {seat.number} was given.",
        lead=f"Now it names {seat.holder}, whose access ends at once." if seat.holder else "It names nobody yet.",
    )
    return ask(request, asking)


def _assigned(seat: Licence, holder: EndUser, made: Assigned) -> Answer:
    if made.assignment is None:
        sentence = f"Seat {seat.number} cannot be given to {holder}."
        return Answer(False, sentence, [], why(made.decision))
    lines = [("From", day_words(made.assignment.from_on))]
    if seat.holder:
        lines.append(("Access ends for", str(seat.holder)))
    acceptance = made.acceptance.outcome if made.acceptance else None
    if acceptance is not None and acceptance.missing:
        lines.append(("Before the first use", tell_acceptance(acceptance)))
    lines += [
        ("Cost", "Nothing."),
        ("Undoing it", "Only as the contract lets a seat be given on; the next page shows its answer before."),
    ]
    return Answer(True, f"If you confirm, seat {seat.number} names {holder}.", lines, why(made.decision))


def give_up(request: HttpRequest, number: int) -> HttpResponse:
    """Gives one seat up, to be gone when the contract says."""
    user: Any = request.user
    seat = act_on(Scope(user).licences().select_related("subscription", "holder"), acting(user).licences(), number)
    subscription = seat.subscription
    now = now_of(subscription.vendor)

    def act(entered: dict[str, Any]) -> Answer:
        made = services.give_up_seats(
            subscription=subscription, numbers=[seat.number], asked_by=user.email, on=now.on, at=now.at
        )
        if made.change is None:
            sentence = SILENT if made.decision.outcome is None else f"Seat {seat.number} cannot be given up."
            return Answer(False, sentence, [], why(made.decision))
        gone = day_words(made.change.effective_on)
        lines = [
            ("Gone from", gone),
            ("Whom it names", f"{seat.holder}, who keeps access until then" if seat.holder else "nobody"),
            ("Money back", "None; it is not renewed or billed from that day on."),
            ("Undoing it", "It cannot be taken back; a new seat can be added."),
        ]
        return Answer(True, f"If you confirm, seat {seat.number} is gone from {gone} on.", lines, why(made.decision))

    asking = Asking(
        title=f"Give up seat {seat.number}",
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:licences", args=(subscription.pk,)),
        button="Give it up",
        said=f"Seat {seat.number} was given up.",
    )
    return ask(request, asking)


def people(request: HttpRequest, number: int) -> HttpResponse:
    scope = Scope(request.user)  # type: ignore[arg-type]
    known = one(scope.customers(), number)
    rows = scope.end_users().filter(customer=known).order_by("username").prefetch_related("licences__subscription")
    listed = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    contracts = Subscription.objects.filter(customer=known)
    context = {
        "customer": known,
        "people": listed,
        "waiting": barred_users(contracts, among=[person.pk for person in listed]).get(known.pk, set()),
        "acts": acting(scope.user).customers().filter(pk=known.pk).exists(),
    }
    return TemplateResponse(request, "portal/people.html", context)


class NewPerson(forms.Form):
    """Somebody who is to hold a seat."""

    username = forms.CharField(max_length=150, help_text="As the service knows the person.")
    device_type = forms.CharField(label="Device", max_length=100, required=False, help_text="May stay empty.")


def add_person(request: HttpRequest, number: int) -> HttpResponse:
    user: Any = request.user
    known = act_on(Scope(user).customers(), acting(user).customers(), number)

    def act(entered: dict[str, Any]) -> Answer:
        made = services.register_end_user(customer=known, on=today(), **entered)
        lines = [("Known from", day_words(made.created_on)), ("Cost", "Nothing until the person is given a seat.")]
        return Answer(True, f"If you confirm, {made.username} can be given a seat.", lines)

    asking = Asking(
        title=f"Add a person of {known}",
        form=lambda data: NewPerson(data),
        act=act,
        back=reverse("portal:people", args=(known.pk,)),
        button="Add the person",
        said="The person was added.",
    )
    return ask(request, asking)


def leave(request: HttpRequest, number: int) -> HttpResponse:
    """A person leaves the customer, and all access with it."""
    user: Any = request.user
    person = act_on(Scope(user).end_users().select_related("customer"), acting(user).end_users(), number)
    on = today()

    def act(entered: dict[str, Any]) -> Answer:
        held = [str(seat.number) for seat in person.licences.filter(gone=False).order_by("number")]
        services.leave(user=person, on=on)
        lines = [
            ("Access ends", f"on {day_words(on)}, at once"),
            ("Seats that are free then", ", ".join(held) or "none"),
            ("Money back", "None; the seats stay until they are given up."),
            ("Undoing it", "It cannot be taken back."),
        ]
        return Answer(True, f"If you confirm, {person.username} leaves {person.customer}.", lines)

    asking = Asking(
        title=f"{person.username} leaves",
        form=lambda data: forms.Form(data),
        act=act,
        back=reverse("portal:people", args=(person.customer_id,)),
        button="End all access",
        said="All access has ended.",
    )
    return ask(request, asking)


urlpatterns = [
    page("subscriptions/<int:number>/licences/", licences, "licences"),
    page("licences/<int:number>/assign/", assign, "assign", acts=True),
    page("licences/<int:number>/give-up/", give_up, "give_up", acts=True),
    page("customers/<int:number>/people/", people, "people"),
    page("customers/<int:number>/people/new/", add_person, "add_person", acts=True),
    page("people/<int:number>/leave/", leave, "leave", acts=True),
]
