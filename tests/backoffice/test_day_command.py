from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from backoffice.models import Run
from tests.builders import make_price, make_subscription

pytestmark = pytest.mark.django_db


def day(*arguments: str) -> tuple[str, str]:
    """What the command says on its two channels, at noon of 3 March 2026."""
    out, err = StringIO(), StringIO()
    with time_machine.travel(datetime(2026, 3, 3, 12, tzinfo=UTC), tick=False):
        call_command("day", *arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_it_runs_what_is_due_and_says_what_was_done() -> None:
    make_subscription()
    said, progress = day()
    assert said == "3 days done, 0 not done; 0 letters sent, 0 waiting.\n"
    assert progress.splitlines() == [f"secureflag, 2026-03-0{number}: done" for number in (1, 2, 3)]


def test_it_sends_the_letters_too() -> None:
    make_price("securegroup", cycle_months=1)
    make_subscription("securegroup", accepted_on=datetime(2026, 2, 8).date())
    said, _ = day()
    assert said == "24 days done, 0 not done; 2 letters sent, 0 waiting.\n"


def test_one_vendor_and_one_day() -> None:
    make_subscription()
    make_subscription("securepacket")
    day("--vendor", "securepacket", "--date", "2026-03-01")
    assert set(Run.objects.values_list("vendor", flat=True)) == {"securepacket"}


def test_the_next_day_only() -> None:
    make_subscription()
    make_subscription("securepacket")
    said, _ = day("--next")
    assert said.startswith("2 days done")
    said, progress = day("--next")
    assert said.startswith("2 days done")
    assert "2026-03-02" in progress


def test_a_day_that_may_not_run_is_refused_with_the_reason() -> None:
    day("--vendor", "secureflag", "--date", "2026-03-01")
    with pytest.raises(CommandError, match="2026-03-03 has to wait: 2026-03-02 is not done"):
        day("--vendor", "secureflag", "--date", "2026-03-03")


def test_a_failed_day_is_told_with_its_job_and_reason() -> None:
    make_subscription("securegroup", accepted_on=datetime(2026, 2, 8).date())
    with pytest.raises(CommandError, match="securegroup, 2026-03-01: Renewals are invoiced: There is no price"):
        day()


def test_a_date_has_one_form() -> None:
    with pytest.raises(CommandError, match="'1 March' is no day; write YYYY-MM-DD"):
        day("--date", "1 March")
