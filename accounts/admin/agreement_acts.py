"""What staff note of what was agreed: who accepted which text, special terms, the confirmation of an order, who owns a
service, and what a customer declares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldBooleanWidget,
)

from accounts import services
from accounts.admin.act_forms import ActForm, choice_field, line_field, words_field
from accounts.admin.acts import Act
from accounts.models import (
    OVER,
    RUNNING,
    Agreement,
    ConfirmationForm,
    ContractDocument,
    Customer,
    Declaration,
    EndUser,
    Ownership,
    Reseller,
    Subscription,
)
from accounts.services.agreements import OF_CUSTOMERS
from accounts.services.declarations import ask_declarations, declare, find_breach
from accounts.services.verification import terms_for
from accounts.staff.statements import answer
from backoffice.admin import vendor_name
from backoffice.terms.book import book
from backoffice.terms.decision import Decision
from backoffice.terms.special import place_of, typed_value
from backoffice.terms.words import value_words

Given = Mapping[str, Any]
How, Capacity = Agreement.How, Agreement.Capacity


class SignatoryForm(ActForm):
    """Who accepted, for whom, and by what authority."""

    how = choice_field([(one.value, one.label) for one in (How.PORTAL, How.PAPER, How.EMAIL)], "How it was accepted")
    name = line_field("Who accepted", help_text="The person's name.")
    role = line_field("What that person is there", 100, required=False, help_text="Director, say.")
    capacity = choice_field(Capacity.choices, "How that person accepted")
    authority = line_field("By the authority of", 250, required=False, help_text="A power, a board's decision, say.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("capacity") in (Capacity.AGENT, Capacity.ADMINISTRATOR) and not given.get("authority"):
            self.add_error("authority", "Say by what this person may accept for another.")
        return given


def signatory(given: Given) -> services.Signatory:
    return services.Signatory(given["name"], given["role"], given["capacity"], given["authority"])


class AcceptanceForm(SignatoryForm):
    """Who accepted which text, how, and for whom."""

    field_order = ("document", "how", "at")
    how = choice_field([(one.value, one.label) for one in How if one != How.ORDER], "How it was accepted")
    document = forms.ModelChoiceField(
        ContractDocument.objects.none(), label="Text", empty_label="Choose a text", widget=UnfoldAdminSelectWidget
    )
    at = forms.SplitDateTimeField(label="When", widget=UnfoldAdminSplitDateTimeWidget, initial=timezone.now)
    told_by = line_field("Who told of it", required=False, help_text="Where somebody else passed the text on.")
    evidence = line_field("Where the proof is kept", required=False)

    def __init__(self, data: Given | None, row: Any, user: Any) -> None:
        super().__init__(data, row, user)
        self.fields["document"].queryset = texts_of(row)  # type: ignore[attr-defined]

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > timezone.now():
            raise forms.ValidationError("This is still to come.")
        return at

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("how") == How.PASSED_ON and not given.get("evidence"):
            self.add_error("evidence", "What somebody else tells of an acceptance needs its proof.")
        return given


def texts_of(row: Subscription | EndUser | Reseller) -> QuerySet[ContractDocument]:
    """The texts that a row's party has not accepted, of those that are for it."""
    texts = ContractDocument.objects.exclude(pk__in=row.agreements.values("document"))
    if isinstance(row, Subscription):
        return texts.filter(sheet=row.sheet, kind__in=OF_CUSTOMERS)
    if isinstance(row, Reseller):
        return texts.filter(kind=ContractDocument.Kind.RESELLER_AGREEMENT)
    wanted = [one.document.pk for one in services.documents_to_accept(row) if one.document is not None]
    return texts.filter(pk__in=wanted)


def _accept(row: Any, given: Given, at: datetime, **party: Any) -> None:
    services.accept(
        document=given["document"],
        by=signatory(given),
        how=given["how"],
        told_by=given["told_by"],
        evidence=given["evidence"],
        at=given["at"],
        **party,
    )


def _accept_for_contract(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    _accept(row, given, at, subscription=row)
    return answer(row, "documents.order")


def _accept_by_user(row: EndUser, given: Given, on: date, at: datetime) -> Decision[Any]:
    _accept(row, given, at, end_user=row)
    held = Subscription.objects.running().filter(licences__holder=row, sheet=given["document"].sheet)
    return services.user_acceptance(row, held[0])


def _accept_by_reseller(row: Reseller, given: Given, on: date, at: datetime) -> None:
    _accept(row, given, at, reseller=row)


class ConfirmationAct(ActForm):
    """What the order is confirmed with."""

    customer_class = choice_field(ConfirmationForm.CustomerClass.choices, "Class of the customer")
    business_use = forms.BooleanField(
        label="It is for use in a business, trade or profession",
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
    )
    price = forms.DecimalField(
        label="Price of the whole term",
        min_value=0,
        decimal_places=2,
        max_digits=12,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    def __init__(self, data: Given | None, row: Subscription, user: Any) -> None:
        super().__init__(data, row, user)
        self.fields["price"].help_text = f"In {row.terms.currency.value}."


def _confirm(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.confirm_order(subscription=row, at=at, **given).decision


def _to_confirm(row: Subscription) -> bool:
    return _runs(row) and row.to_confirm


class SpecialTermForm(ActForm):
    """A value that takes the place of the contract's own, for this customer alone."""

    key = choice_field([], "What was agreed otherwise")
    value = line_field("What was agreed")
    reference = line_field("The paper", help_text="What it is called, and where it is kept.")
    in_writing = forms.BooleanField(
        label="It was agreed in writing", required=False, initial=True, widget=UnfoldBooleanWidget
    )

    def __init__(self, data: Given | None, row: Subscription, user: Any) -> None:
        super().__init__(data, row, user)
        self.fields["key"].choices = [("", "Choose a value"), *values_of(row)]  # type: ignore[attr-defined]
        self.fields["value"].help_text = "As that value is now: yes or no, a number, or words with commas between."

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            term = place_of(book().sheet(self.row.sheet), given["key"]).term
            given["value"] = typed_value(term, given["value"])
        return given


def values_of(subscription: Subscription) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What can be agreed otherwise, section by section, each value with what judges the subscription now."""
    places = (place for place in subscription.terms.places() if len(place.path) > 1)
    for title, found in groupby(places, key=lambda place: ": ".join(place.labels[:-1])):
        yield title, [(one.key, f"{one.labels[-1]}: {value_words(one.term.value, one.labels[-1])}") for one in found]


def _agree(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.agree_special_term(subscription=row, on=on, at=at, **given).decision


class OwnerForm(ActForm):
    """Whose the service is, and who controls it."""

    owner = forms.ModelChoiceField(
        Customer.objects.all(),
        label="Owner",
        widget=AutocompleteSelect(Ownership._meta.get_field("owner"), admin.site),
    )
    controller = line_field("Who controls it", required=False, help_text="Where that is not its owner.")
    told_by = line_field("Who told of it", required=False)


def _own(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return services.record_owner(subscription=row, from_on=on, at=at, **given).decision


class DeclarationsForm(ActForm):
    """What a customer declares, in which words."""

    kinds = forms.MultipleChoiceField(label="What is declared", widget=UnfoldAdminCheckboxSelectMultipleWidget)
    by = forms.EmailField(label="By whom", widget=UnfoldAdminEmailInputWidget, help_text="The address of who declares.")
    words = words_field("In which words", help_text="Exactly as they were signed; their hash is kept.")

    def __init__(self, data: Given | None, row: Subscription, user: Any) -> None:
        super().__init__(data, row, user)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind, f"It {Declaration.Kind(kind).label}") for kind in to_declare(row)
        ]


def to_declare(subscription: Subscription) -> tuple[str, ...]:
    """What the contract asks to be declared and is not yet."""
    given = list(subscription.declarations.values_list("kind", flat=True))
    outcome = ask_declarations(subscription.terms, given).outcome
    return outcome.missing if outcome else ()


def _declare(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    digest = hashlib.sha256(given["words"].encode()).hexdigest()
    return declare(subscription=row, kinds=given["kinds"], by=given["by"], text_sha256=digest, on=on, at=at)


class BreachFoundForm(ActForm):
    """Which declaration is not true, and for which vendor it was made."""

    vendor = choice_field([], "Contract")
    kind = choice_field(Declaration.Kind.choices, "What is not true: that the customer")

    def __init__(self, data: Given | None, row: Customer, user: Any) -> None:
        super().__init__(data, row, user)
        self.fields["vendor"].choices = [  # type: ignore[attr-defined]
            (vendor, vendor_name(vendor)) for vendor in declared_to(row)
        ]

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or self.cleaned_data), "by": self.user}


def declared_to(customer: Customer) -> list[str]:
    """The vendors whose contracts with a customer ask for declarations, and of which no breach was found yet."""
    found = customer.declaration_breaches.values("vendor")
    rows = customer.subscriptions.exclude(vendor__in=found).order_by("vendor")
    sheets = rows.values_list("vendor", "sheet").distinct()
    return sorted({vendor for vendor, sheet in sheets if ask_declarations(book().sheet(sheet), []).covered})


def _find_breach(row: Customer, given: Given, on: date, at: datetime) -> Decision[Any]:
    decision = ask_declarations(terms_for(row, given["vendor"], on), [], breached=True)
    find_breach(customer=row, on=on, at=at, **given)
    return decision


def _runs(row: Subscription) -> bool:
    return row.state in RUNNING


AGREEMENT_ACTS = (
    Act(
        "accepted",
        "A text was accepted",
        _accept_for_contract,
        AcceptanceForm,
        "documents.order",
        lambda row: row.state not in OVER and texts_of(row).exists(),
    ),
    Act("confirmation", "Confirm the order", _confirm, ConfirmationAct, "confirmation.form", _to_confirm),
    Act("special-term", "Agree a special term", _agree, SpecialTermForm, "documents.order", _runs),
    Act("owner", "It has another owner", _own, OwnerForm, "contact.duty", lambda row: row.state not in OVER),
    Act(
        "declarations",
        "Note what is declared",
        _declare,
        DeclarationsForm,
        "declarations.check",
        lambda row: row.state not in OVER and bool(to_declare(row)),
    ),
)
USER_ACTS = (
    Act(
        "accepted",
        "A text was accepted",
        _accept_by_user,
        AcceptanceForm,
        "acceptance.user",
        lambda row: texts_of(row).exists(),
    ),
)
RESELLER_ACTS = (
    Act(
        "accepted", "A text was accepted", _accept_by_reseller, AcceptanceForm, fits=lambda row: texts_of(row).exists()
    ),
)
CUSTOMER_ACTS = (
    Act(
        "breach-found",
        "A declaration is not true",
        _find_breach,
        BreachFoundForm,
        "declarations.check",
        lambda row: bool(declared_to(row)),
    ),
)
