"""What is done about passing services on: permissions of vendors, and orders that need one."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import Customer, RefusedOrder, ResaleOrder, ResalePermission, Reseller
from accounts.policy.resale import Permission, ResaleAnswer, ResaleFacts, decide_resale_permitted
from accounts.services.contracts import Order, Passing
from accounts.services.orders import Placed, place_order
from backoffice.terms.book import book
from backoffice.terms.decision import Decision


class Asked(NamedTuple):
    """The order with its subscription, or with none where the contract bars it; what the contract says of resale, and
    what else it refused the order for, if anything."""

    order: ResaleOrder
    decision: Decision[ResaleAnswer]
    refused: RefusedOrder | None = None


@transaction.atomic
def record_permission(
    *,
    vendor: str,
    kind: str,
    reference: str,
    from_on: date,
    at: datetime,
    customer: Customer | None = None,
    reseller: Reseller | None = None,
    until_on: date | None = None,
) -> ResalePermission:
    """Records what a vendor has allowed in writing, for one customer, for one reseller's, or for all.

    ValidationError where something is not right or the paper is on record already, KeyError for an unknown vendor.
    """
    book().newest(vendor)
    permission = ResalePermission(
        vendor=vendor,
        customer=customer,
        reseller=reseller,
        kind=kind,
        reference=reference,
        from_on=from_on,
        until_on=until_on,
        created_at=at,
    )
    permission.full_clean()
    permission.save()
    return permission


@transaction.atomic
def order_for_resale(*, customer: Customer, order: Order, at: datetime, title_retained: bool = True) -> Asked:
    """An order of what is to be passed on to others for money.

    Where the contract bars that and no permission on record lifts the bar, there is no subscription, and the order
    stays as it was asked, with the clause. Else the subscription is marked with the permission that it rests on.
    What is delivered is not wholly paid when it is ordered, unless it is said to be.
    """
    sheet = book().sheet_for(order.vendor, order.accepted_on)
    given = ResalePermission.objects.covering(order.vendor, customer, order.accepted_on).first()
    held: Permission = "none"
    if given is not None:
        agreement = ResalePermission.Kind.RESELLER_AGREEMENT
        held = "reseller_agreement" if given.kind == agreement else "written_permission"
    decision = decide_resale_permitted(sheet, ResaleFacts(permission=held, title_retained=title_retained))
    answer = decision.outcome
    rests_on = given if answer is not None and answer.reason == "permission" else None
    placed = Placed(None, None)
    if answer is None or answer.permitted:
        placed = place_order(customer=customer, order=order, at=at, passing=Passing(rests_on))
    asked = ResaleOrder.objects.create(
        customer=customer,
        vendor=order.vendor,
        plan=order.plan,
        quantity=order.quantity,
        asked_on=order.accepted_on,
        sheet=sheet.id,
        reason=answer.reason if answer else "",
        needs=(answer.needs or "") if answer else "",
        because=decision.because,
        permission=rests_on if placed.subscription else None,
        subscription=placed.subscription,
        created_at=at,
    )
    return Asked(asked, decision, placed.refused)
