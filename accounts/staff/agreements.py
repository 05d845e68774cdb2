"""What the staff's pages show of agreements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.models import ResaleOrder, Subscription
from accounts.policy.resale import BARRED
from accounts.services.agreements import without_name, without_power
from backoffice.pages.today import Entry

AGREEMENTS = "admin:accounts_agreement_changelist"


def stuck(user: Any) -> Iterator[Entry]:
    """What is missing of what was agreed."""
    if user.has_perm("accounts.view_agreement"):
        address = reverse(AGREEMENTS)
        yield "agreements of agents without their power", without_power(), f"{address}?lacks=power"
        yield "agreements of nobody knows whom", without_name(), f"{address}?lacks=name"
    if user.has_perm("accounts.view_subscription"):
        address = f"{reverse('admin:accounts_subscription_changelist')}?lacks=confirmation"
        yield "orders to confirm", Subscription.objects.to_be_confirmed(), address
    if user.has_perm("accounts.view_resaleorder"):
        blocked = ResaleOrder.objects.filter(reason__in=BARRED)
        address = f"{reverse('admin:accounts_resaleorder_changelist')}?blocked=yes"
        yield "orders for resale that were blocked", blocked, address
