"""What is done with the forms that confirm an order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, cast

from django.db import transaction

from accounts.models import ConfirmationForm, Subscription
from accounts.policy.agreements import ConfirmationFacts, FormNeeded, decide_confirmation_form
from accounts.services.customers import NotPossible
from backoffice.terms.decision import Decision
from backoffice.terms.money import to_minor
from backoffice.terms.sections.agreements import CustomerClass


class Confirmed(NamedTuple):
    """The form, or None where the contract knows none or is not made for such a customer; and what it says."""

    form: ConfirmationForm | None
    decision: Decision[FormNeeded]


@transaction.atomic
def confirm_order(
    *, subscription: Subscription, customer_class: str, business_use: bool, price: Decimal, at: datetime
) -> Confirmed:
    """Makes the form that confirms a subscription: product, first day, term, price and, where it names them, licences.

    ``price`` is what the whole term costs, in the contract's currency. NotPossible for a subscription that has not
    begun, whose term has no length, or that was confirmed before; ValidationError for a class that there is not.
    """
    locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
    facts = ConfirmationFacts(customer_class=cast(CustomerClass, customer_class), business_use=business_use)
    decision = decide_confirmation_form(locked.terms, facts)
    if decision.outcome is None or not decision.outcome.confirmed:
        return Confirmed(None, decision)
    months = locked.cycle_months or locked.renewal_months
    if locked.start is None or months is None:
        raise NotPossible(f"subscription {locked.pk} has not begun, so there is no term to confirm")
    if ConfirmationForm.objects.filter(subscription=locked).exists():
        raise NotPossible(f"subscription {locked.pk} was confirmed before")
    currency = locked.terms.currency.value
    form = ConfirmationForm(
        subscription=locked,
        customer_class=customer_class,
        business_use=business_use,
        product=locked.plan,
        start=locked.start,
        months=months,
        price_minor=to_minor(price, currency),
        currency=currency,
        licences=locked.quantity if "licences" in decision.outcome.names else None,
        sheet=decision.sheet,
        because=decision.because,
        made_at=at,
    )
    form.full_clean()
    form.save()
    Subscription.objects.filter(pk=locked.pk).update(to_confirm=False)
    return Confirmed(form, decision)
