from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail

from backoffice import tasks
from backoffice.models import Run
from tests.builders import make_price, make_subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _march_2027() -> object:
    with time_machine.travel(datetime(2027, 2, 22, 9, tzinfo=UTC), tick=False):
        yield


def test_catching_up_and_delivering_needs_nobody(settings: LazySettings) -> None:
    settings.DAYS_BY_HAND = False
    make_price()
    make_subscription()
    tasks.catch_up()
    assert mail.outbox == []
    tasks.deliver()
    assert mail.outbox[0].subject == "Invoice INV-000001: 675.00 GBP, due on 1 March 2026"
    assert len(mail.outbox) == 5


def test_days_by_hand_are_left_to_staff(settings: LazySettings) -> None:
    settings.DAYS_BY_HAND = True
    make_subscription()
    tasks.catch_up()
    assert not Run.objects.exists()
    tasks.run_day("secureflag", "2026-03-01")
    assert set(Run.objects.values_list("day", "state")) == {(date(2026, 3, 1), "done")}
