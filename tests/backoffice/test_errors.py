"""Pages that say why there is no other page: in plain words, with a way on, and with nothing of what went wrong."""

from __future__ import annotations

import pytest
from django.test import Client

from backoffice.pages import book
from tests import people

pytestmark = pytest.mark.django_db


def test_an_address_that_leads_nowhere_says_so() -> None:
    answered = people.clerk().get("/admin/terms/nobody/")
    assert answered.status_code == 404
    text = answered.content.decode()
    assert "There is nothing at this address" in text and 'href="/"' in text


def test_who_may_not_is_told_who_can_help() -> None:
    answered = people.clerk().get("/admin/accounts/customer/add/")
    assert answered.status_code == 403 and "Ask an owner of this site" in answered.content.decode()


def test_a_form_that_is_too_old_says_what_to_do() -> None:
    answered = people.owner(Client(enforce_csrf_checks=True)).post("/admin/runs/next/")
    assert answered.status_code == 403 and "load the page again" in answered.content.decode()


def test_what_went_wrong_stays_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("the secret of a row")

    monkeypatch.setattr(book, "book", broken)
    answered = people.owner(Client(raise_request_exception=False)).get("/admin/terms/")
    text = answered.content.decode()
    assert answered.status_code == 500 and "Something went wrong" in text
    assert "secret of a row" not in text and "RuntimeError" not in text
