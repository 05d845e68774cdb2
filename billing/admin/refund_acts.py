"""What staff do about a contract's money: give some back, or note that its first payment failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from accounts.admin.act_forms import ActForm, words_field
from accounts.admin.acts import Act
from accounts.admin.subscriptions import SubscriptionAdmin
from accounts.models import OVER, Subscription
from backoffice.terms.decision import Decision
from billing.admin.dispute_acts import amount_field
from billing.policy.refunds import MoneyBackFacts, decide_money_back
from billing.services import first_periods, refunds

Given = Mapping[str, Any]


class MoneyBackForm(ActForm):
    domain_retained = forms.BooleanField(label="The customer keeps the domain", required=False)
    domain_price = amount_field("Regular price of the domain", required=False)


class DiscretionForm(ActForm):
    amount = amount_field("How much", help_text="In the contract's own currency, without tax, as 675.00.")
    reason = words_field("Why it is given back")

    def clean(self) -> dict[str, Any]:
        """Whoever fills the form in approves it."""
        return {**(super().clean() or {}), "approved_by": self.user}


def _money_back(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    price: Decimal | None = given["domain_price"]
    refund = refunds.ask_money_back(
        subscription=row, domain_retained=given["domain_retained"], domain_price=price, on=on, at=at
    )
    refunds.give(refund=refund, on=on, at=at)
    return decide_money_back(row.terms, MoneyBackFacts.model_validate(refund.facts["asked"]))


def _discretion(row: Subscription, given: Given, on: date, at: datetime) -> None:
    refunds.grant(subscription=row, on=on, at=at, **given)


def _guaranteed(row: Subscription) -> bool:
    return row.state != Subscription.State.PENDING and row.terms.money_back is not None


def _failed(row: Subscription, given: Given, on: date, at: datetime) -> Decision[Any]:
    return first_periods.first_payment_failed(subscription=row, on=on, at=at)


def _owes_first(row: Subscription) -> bool:
    return row.state not in OVER and first_periods.first_bill(row) is not None


REFUND_ACTS = (
    Act("payment-failed", "Its first payment failed", _failed, ActForm, "order.payment", _owes_first),
    Act(
        "money-back",
        "Give its money back under the guarantee",
        _money_back,
        MoneyBackForm,
        "refund.money_back",
        _guaranteed,
    ),
    Act("discretion", "Give something back at our discretion", _discretion, DiscretionForm),
)
SubscriptionAdmin.bring(REFUND_ACTS, ("refunds",))
