"""Every list of the staff pages, whichever app brings it: found in the admin's registry, so that none is forgotten."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.db import models

from accounts.models import ContractDocument, Processor, Subscription
from backoffice.navigation import sections
from tests import people

pytestmark = pytest.mark.django_db

LISTS: dict[str, Any] = {model._meta.label_lower: known for model, known in admin.site._registry.items()}


def headings(page: str) -> list[str]:
    return [part.partition("</summary>")[0] for part in page.split("<summary>")[1:]]


@pytest.mark.parametrize("label", LISTS)
def test_a_list_has_a_heading_in_the_menu_says_what_it_holds_and_how_it_is_searched(label: str) -> None:
    known = LISTS[label]
    assert known.section in sections()
    assert known.about.endswith(".") and len(known.about) < 240
    assert known.search_help_text and known.search_help_text.endswith(".")
    assert known.icon != "list"
    one, many = str(known.opts.verbose_name), str(known.opts.verbose_name_plural)
    assert not (re.search("(ch|sh|s|x|[^aeiou]y)$", one) and many == f"{one}s"), many


def test_the_menu_stands_under_its_headings_with_only_the_one_open_where_one_is() -> None:
    page = people.owner().get("/admin/accounts/customer/").content.decode()
    menu = page.partition('id="nav-sidebar-apps"')[2]
    assert headings(menu)[: len(sections())] == sections()
    assert menu.count('<details class="menu-section" open>') == 1
    opened = menu.partition("open>")[2].partition("</details>")[0]
    assert "<summary>Customers</summary>" in opened and 'aria-current="page"' in opened


def test_the_menu_has_no_heading_over_nothing() -> None:
    page = people.newcomer().get("/admin/").content.decode()
    assert "menu-section" not in page and "/admin/calculator/" in page


def test_an_empty_list_says_what_to_do_next() -> None:
    owner = people.owner()

    def read(address: str) -> str:
        return " ".join(unescape(owner.get(address).content.decode()).split())

    empty = read("/admin/accounts/reseller/")
    assert (
        "No resellers yet" in empty and "Add the first reseller" in empty and "/admin/accounts/reseller/add/" in empty
    )
    made = read("/admin/accounts/period/")
    assert "No periods yet" in made and "the product makes them" in made
    searched = read("/admin/accounts/reseller/?q=zebra")
    assert "Nothing matches" in searched and "A search takes: A reseller's number" in searched


def test_a_form_has_one_button_that_keeps_and_a_page_to_read_has_none() -> None:
    owner = people.owner()
    form = owner.get("/admin/accounts/reseller/add/").content.decode()
    assert 'name="_save"' in form and 'name="_continue"' not in form and 'name="_addanother"' not in form
    made = owner.post(
        "/admin/accounts/processor/add/",
        {"name": "Hoster", "vendor": "", "purpose": "hosting", "data": "names", "country": "FR"},
    )
    processor = Processor.objects.get()
    assert made.headers["Location"] == f"/admin/accounts/processor/{processor.pk}/change/"
    read = people.clerk().get(made.headers["Location"]).content.decode()
    assert 'name="_save"' not in read and "our own systems" in read


def test_a_vendor_and_a_version_are_chosen_and_read_by_name_and_nothing_else_is_taken() -> None:
    document = ContractDocument(sheet="secureflag/2024-01-01", title="Terms", version="1", sha256="0" * 64)
    assert document.get_sheet_display() == "SecureFlag, version of 1 January 2024"
    assert ("secureflag", "SecureFlag") in list(Subscription._meta.get_field("vendor").choices or ())
    assert Processor(vendor="").get_vendor_display() == "our own systems"
    with pytest.raises(Exception, match="'nobody/2020-01-01' is not a valid choice"):
        ContractDocument(sheet="nobody/2020-01-01").clean_fields()


def test_what_the_book_offers_is_in_no_migration() -> None:
    field = Processor._meta.get_field("vendor")
    _, path, positional, options = field.deconstruct()
    assert path == "backoffice.fields.VendorField" and "choices" not in options
    again: models.Field[Any, Any] = type(field)(*positional, **options)
    assert list(again.choices or ()) == list(field.choices or ()) and again.max_length == 64
