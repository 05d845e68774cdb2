"""What is noted of periods agrees with the contracts that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Case, F, Q, When
from django.db.models.functions import Least

from accounts.models import Period
from backoffice.verify import check

LAST = F("subscription__ends_on")


@check("Periods know whether another one follows, and when they close")
def periods(at: datetime) -> Iterator[str]:
    over = Q(subscription__ends_on__lte=F("period_end"))
    wrong = Period.objects.filter(over, renews=True) | Period.objects.filter(~over, renews=False)
    for key in wrong.order_by("pk").values_list("pk", flat=True).iterator():
        yield f"period {key}: whether it renews is not what the last day of its contract says"
    day = Case(When(subscription__ends_on=None, then=F("period_end")), default=Least("period_end", LAST))
    open_ones = Period.objects.to_close().exclude(closes_on=day)
    for key in open_ones.order_by("pk").values_list("pk", flat=True).iterator():
        yield f"period {key}: it does not close on the last day of its contract or of its own"
