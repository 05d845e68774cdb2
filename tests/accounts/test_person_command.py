"""`manage.py person`: who somebody is, and all that is held of them as one file."""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AbuseReport, InboundMail
from tests.accounts.everything import make_strays
from tests.builders import make_administrator, make_subscription

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("person", *arguments, stdout=out, no_color=True)
    return out.getvalue().splitlines()


def test_it_says_who_an_address_is_and_writes_nothing() -> None:
    subscription = make_subscription()
    make_administrator(subscription)
    assert said("ADA@example.com") == [f"administrator {subscription.customer.administrators.get().pk}"]


def test_it_writes_one_archive_that_only_its_owner_reads(tmp_path: Path) -> None:
    subscription = make_subscription()
    make_administrator(subscription)
    file = tmp_path / "ada.zip"
    *_, last = said("ada@example.com", "--to", str(file))
    assert last == f"{file}: {file.stat().st_size} bytes."
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with ZipFile(file) as archive:
        assert "Ada Ader" in archive.read("accounts.administrator.json").decode()
    with pytest.raises(CommandError, match="File exists"):
        said("ada@example.com", "--to", str(file))


def test_a_customer_is_named_by_its_number(tmp_path: Path) -> None:
    subscription = make_subscription()
    key = subscription.customer_id
    assert said(f"customer/{key}", "--to", str(tmp_path / "c.zip"))[0] == f"customer {key}"


def test_who_reported_or_wrote_without_being_a_customer_is_given_their_own_words(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    make_strays(tmp_path / "media")
    assert (
        said("zoe@example.net", "--to", str(tmp_path / "zoe.zip"))[0] == f"abuse report {AbuseReport.objects.get().pk}"
    )
    with ZipFile(tmp_path / "zoe.zip") as archive:
        assert "I saw it." in archive.read("accounts.abusereport.json").decode()
        assert any(name.startswith("accounts.notice/") for name in archive.namelist()), "the letter to them"
    assert said("max@example.net") == [f"mail that came in {InboundMail.objects.get().pk}"]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("nobody@example.com", "nobody of this name"),
        ("customer/99999", "nobody of this name"),
        ("customer/x", "is neither an address nor one of customer, administrator"),
        ("vendor/3", "is neither an address nor one of customer, administrator"),
    ],
)
def test_who_is_not_there_is_an_error(who: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        said(who)
