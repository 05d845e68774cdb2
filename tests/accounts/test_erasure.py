"""A person of whom every column says something unique is given it all, and erased: no trace is left but what is
sealed, and after its time not even that."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction

from accounts import disposal
from accounts.disposal import Copy, DisposalFailed, opened_record
from accounts.models import (
    AbuseReport,
    Administrator,
    Agreement,
    ConductCase,
    Customer,
    Disposal,
    EndUser,
    Erasure,
    Handover,
    IdentityDocument,
    KeptRecord,
    Licence,
    Notice,
    PersonKey,
    Reseller,
    SealedOpening,
    SealedRecord,
    Subscription,
    Ticket,
    User,
)
from accounts.services import NotPossible, Signatory, accept, assign_licence, hand_contract_on, place_order, terminate
from accounts.services.erasure import destroy_keys, erase, open_record
from accounts.services.person_export import export_person
from accounts.services.strays import let_go
from backoffice import sealed
from backoffice.outbox import deliver
from backoffice.privacy import holdings
from billing.models import Entry, Invoice, OpenItem
from tests import people
from tests.accounts.everything import (
    ENDED,
    SHOWN,
    everything,
    left_of,
    make_everything,
    make_strays,
    owner_id,
    put_canaries,
)
from tests.builders import (
    NOON,
    make_administrator,
    make_end_user,
    make_invoice,
    make_notice,
    make_order,
    make_reseller,
    make_subscription,
    make_text,
)
from tests.refusals import must_be_refused

pytestmark = pytest.mark.django_db

ERASED = date(2026, 7, 1)
STRAYS_GONE = date(2027, 7, 2)
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
LATER = datetime(2099, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def make_user() -> User:
    """Somebody who is no staff and has signed in."""
    people.outsider()
    user = people.who("outsider")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def contents(person: Any) -> bytes:
    """All that the archive of a person holds."""
    with ZipFile(BytesIO(export_person(subject=person, at=AT))) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def given_away() -> bytes:
    """Everything that is declared, less what is withheld from one because it is somebody else's."""
    found = []
    for holding in holdings():
        names = [name for name in holding.columns if name not in holding.withheld]
        found += [str(row) for row in holding.model._base_manager.values_list(*names, *(() if names else ("pk",)))]
    return "".join(found).encode()


def test_no_trace_is_left_but_what_is_sealed_and_then_not_even_that(
    media: Path, django_capture_on_commit_callbacks: Any, capfd: Any, caplog: Any
) -> None:
    customer, user = make_everything(), make_user()
    reseller = Reseller.objects.create(name="Resale", email="resale@example.com", country="FR", created_at=NOON)
    strays = make_strays(media)
    persons: list[Any] = [customer, user, reseller]
    words = put_canaries([*persons, *strays])
    assert left_of(words, everything(media)) == list(words)

    reporter = AbuseReport.objects.get(subscription__customer=customer)
    given = b"".join(contents(person) for person in [*persons, *strays, reporter])
    assert left_of(words, given) == left_of(words, given_away())
    told = [getattr(reporter, name) for name in ("first_name", "last_name", "email", "phone", "text")]
    assert left_of(told, contents(customer)) == [], "who reports somebody is not given away to them"
    assert left_of(told, contents(reporter)) == told
    assert left_of(SHOWN, given) == SHOWN

    capfd.readouterr()
    shown = [media / document.file.name for document in IdentityDocument.objects.all()]
    assert len(shown) == len(SHOWN) and all(file.exists() for file in shown)
    with django_capture_on_commit_callbacks(execute=True):
        erasures = [erase(subject=person, on=ERASED, at=AT) for person in persons]
        ConductCase.objects.update(state="closed")
        let_go(list(KeptRecord.objects.order_by("pk")), day=STRAYS_GONE, at=AT)
    assert not KeptRecord.objects.to_let_go().exists()
    assert {(erasure.state, erasure.refused_for) for erasure in erasures} == {(Erasure.State.DONE, "")}
    assert not any(str(one.get_decoded().get("_auth_user_id")) == str(user.pk) for one in Session.objects.all())
    assert left_of(words, everything(media)) == [] and not any(file.exists() for file in shown)
    logged = (caplog.text + "".join(capfd.readouterr())).encode()
    assert left_of(words, logged) == []

    kept = json.dumps([opened_record(record) for record in SealedRecord.objects.select_related("key")]).encode()
    assert left_of(words, kept) == [word for word, retention in words.items() if retention]

    keys = list(PersonKey.objects.order_by("keep_until"))
    assert {(key.retention, key.keep_until.year) for key in keys} == {
        ("contact", 2029),
        ("proof", 2031),
        # The letter to who reported something is proof from the day on which the report itself goes.
        ("proof", 2032),
        ("accounting", 2036),
    }
    for key in keys:
        assert key.keep_until.day in (ENDED.day, STRAYS_GONE.day)
        while destroy_keys(key.vendor, key.keep_until, LATER, 100):
            pass
    assert left_of(words, everything(media)) == []
    assert not PersonKey.objects.exclude(wrapped=b"").exists() and not SealedRecord.objects.exclude(sealed=b"").exists()
    for record in SealedRecord.objects.select_related("key"):
        with pytest.raises(sealed.NotOpened):
            opened_record(record)
    connection.check_constraints()


def rows_and_counts() -> list[Any]:
    """What anybody could see of disposals; which keys and nonces were drawn is chance."""
    return [
        *Disposal.objects.order_by("id").values_list("kind", "basis", "because", "counts", "disposed_on"),
        *PersonKey.objects.order_by("id").values_list("subject", "retention", "keep_until", "destroyed_on"),
        *SealedRecord.objects.order_by("id").values_list("model", "row", "sealed_at"),
        *Customer.objects.values_list("name", "email"),
    ]


def test_who_preserves_sees_a_copy_first_and_nobody_else_sees_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_everything()
    name = customer.name
    with transaction.atomic():
        erase(subject=customer, on=ERASED, at=AT)
        without = rows_and_counts()
        transaction.set_rollback(True)
    seen: list[Copy] = []
    names: list[str] = []

    def preserve(copies: Any) -> None:
        names.append(Customer.objects.get().name)
        seen.extend(copies)

    monkeypatch.setattr(disposal, "_preservers", [preserve])
    erase(subject=customer, on=ERASED, at=AT)
    # Numbers of rows go on where a database was rolled back, so what is compared holds none.
    assert rows_and_counts() == without
    assert names == [name], "the copy is made before anything goes"
    copy = next(one for one in seen if one.model == "accounts.customer")
    key = sealed.unwrap_key(copy.house_key, copy.wrapped, copy.place.rsplit("/", 2)[0])
    assert json.loads(sealed.opened(copy.sealed, key, copy.place))["name"] == name


def test_who_fails_to_preserve_looks_like_any_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_everything()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("there is a case about them")

    said = []
    for place, name in ((disposal, "_hand_over"), (disposal, "_clear")):
        with monkeypatch.context() as broken, pytest.raises(DisposalFailed) as failed:
            if name == "_hand_over":
                broken.setattr(place, "_preservers", [fail])
            else:
                broken.setattr(place, name, fail)
            erase(subject=customer, on=ERASED, at=AT)
        said.append((str(failed.value), failed.value.__cause__, failed.value.__suppress_context__))
    assert said[0] == said[1]
    assert Customer.objects.get().name == customer.name and not Disposal.objects.exists()


def test_nothing_is_erased_while_it_is_needed_and_the_answer_says_why() -> None:
    subscription = make_subscription("cryptopass", plan="Essential")
    customer = subscription.customer
    make_administrator(subscription)
    user = make_end_user(customer)
    assign_licence(licence=Licence.objects.get(), holder=user, asked_by="ada@example.com", on=date(2026, 3, 2))
    make_notice(subscription)
    administrator = Administrator.objects.get()
    for person, reason in ((customer, "contract_open"), (administrator, "serves"), (user, "holds_licence")):
        answer = erase(subject=person, on=ERASED, at=AT)
        assert (answer.state, answer.refused_for) == ("refused", reason)
        assert answer.because[0]["clause"] == "GDPR 17(1)(a)"
    Subscription.objects.update(state=Subscription.State.ENDED, ends_on=ENDED)
    assert erase(subject=customer, on=ERASED, at=AT).refused_for == "letters_waiting"
    assert not Disposal.objects.exists() and not PersonKey.objects.exists()


def test_a_customer_who_still_owes_is_erased_later() -> None:
    customer = make_everything()
    make_invoice(Subscription.objects.get())
    booked = (set(Invoice.objects.values_list("pk")), set(Entry.objects.values_list("pk", "text")))
    assert erase(subject=customer, on=ERASED, at=AT).refused_for == "debt_open"
    OpenItem.objects.update(principal_minor=0, closed_on=ENDED)
    assert erase(subject=customer, on=ERASED, at=AT).state == "done"
    after = (set(Invoice.objects.values_list("pk")), set(Entry.objects.values_list("pk", "text")))
    assert after == booked, "the books stay whole"


def test_one_person_is_erased_and_the_others_stay() -> None:
    customer = make_everything()
    user = EndUser.objects.get()
    username = user.username
    erase(subject=user, on=ERASED, at=AT)
    user.refresh_from_db()
    assert user.username == f"Erased end user {user.pk}" != username
    assert Customer.objects.get().name == customer.name and Administrator.objects.get().name == "Ada Ader"
    assert not PersonKey.objects.exists(), "no retention keeps anything of a user"
    administrator = Administrator.objects.get()
    erase(subject=administrator, on=ERASED, at=AT)
    assert Ticket.objects.get().reporter_email.endswith("@erased.invalid"), "they wrote it"
    assert Notice.objects.first().recipient == customer.email, "it was written to somebody else"  # type: ignore[union-attr]
    key = PersonKey.objects.get(subject="accounts.administrator", retention="contact")
    assert (key.keep_until, key.because[0]["clause"]) == (date(2029, 6, 30), "8.3")


def test_erasing_twice_changes_nothing_and_what_came_since_goes_too() -> None:
    customer = make_everything()
    first = erase(subject=customer, on=ERASED, at=AT)
    sealed_before = SealedRecord.objects.count()
    again = erase(subject=customer, on=ERASED, at=AT)
    assert again.pk == first.pk and SealedRecord.objects.count() == sealed_before
    assert again.disposal is not None and again.disposal.counts == {}
    make_notice(Subscription.objects.get(), obligation="renewal/2", state="sent", sent_at=AT, body="You are erased.")
    assert erase(subject=customer, on=ERASED, at=AT).disposal.counts == {"accounts.notice": 1}  # type: ignore[union-attr]


def test_who_was_erased_is_given_nothing_new() -> None:
    """Nobody knows any more who that is: an order, a user, another customer's contract."""
    subscription, other = make_subscription("securegroup"), make_subscription("securegroup")
    customer = subscription.customer
    terminate(subscription=subscription, reason="conduct", because=[], on=ERASED, at=AT)
    deliver(at=AT)
    assert erase(subject=customer, on=ERASED, at=AT).state == "done"
    before = Subscription.objects.count()
    for give in (
        partial(place_order, customer=customer, order=make_order("securegroup"), at=AT),
        partial(make_subscription, "securegroup", customer=customer),
        partial(make_end_user, customer),
        partial(hand_contract_on, subscription=other, to=customer, relation="group", on=ERASED, at=AT, consent=True),
    ):
        with pytest.raises(NotPossible, match="was erased"):
            give()
    assert (Subscription.objects.count(), EndUser.objects.count(), Handover.objects.count()) == (before, 0, 0)


def test_a_sealed_record_is_opened_for_a_reason_and_that_is_kept() -> None:
    customer = make_everything()
    erase(subject=customer, on=ERASED, at=AT)
    record = SealedRecord.objects.get(model="accounts.customer", key__retention="accounting")
    owner = User.objects.get(pk=owner_id())
    with pytest.raises(NotPossible, match="for a reason only"):
        open_record(record=record, by=owner, reason=" ", at=AT)
    assert open_record(record=record, by=owner, reason="Tax audit 12", at=AT)["name"] == customer.name
    assert SealedOpening.objects.get().reason == "Tax audit 12"
    destroy_keys(record.key.vendor, date(2040, 1, 1), LATER, 100)
    with pytest.raises(NotPossible, match="was destroyed"):
        open_record(record=record, by=owner, reason="Tax audit 13", at=LATER)


def test_the_archive_says_what_each_file_is() -> None:
    customer = make_everything()
    with ZipFile(BytesIO(export_person(subject=customer, at=AT))) as archive:
        names = set(archive.namelist())
        index = archive.read("index.txt").decode()
        letter = archive.read(f"accounts.notice/{Notice.objects.first().pk}.txt").decode()  # type: ignore[union-attr]
    for name in names - {"index.txt"}:
        assert name in index or name.partition("/")[0] + ".json" in index
    assert "accounts.ticket.json (1): Requests for support." in index
    assert "It renews." in letter and any(name.startswith("accounts.agreement/") for name in names)
    erase(subject=customer, on=ERASED, at=AT)
    with ZipFile(BytesIO(export_person(subject=customer, at=AT))) as archive:
        assert "Sealed until 30 June 2036 (Books and their vouchers" in archive.read("index.txt").decode()


def test_who_accepted_for_a_reseller_goes_with_it_and_stays_sealed_as_proof() -> None:
    reseller = make_reseller()
    text = make_text("securegroup/2015-01-01", "reseller_agreement")
    accept(document=text, reseller=reseller, by=Signatory("Rea Rell"), how="paper", at=NOON)
    assert b"Rea Rell" in contents(reseller)
    assert erase(subject=reseller, on=ERASED, at=AT).state == "done"
    assert Agreement.objects.get().accepted_by == ""
    key = PersonKey.objects.get()
    assert (key.subject, key.retention, key.keep_until) == ("accounts.reseller", "proof", date(2031, 7, 1))
    assert opened_record(SealedRecord.objects.get())["accepted_by"] == "Rea Rell"


def test_what_the_register_says_of_a_disposal_never_changes() -> None:
    erase(subject=make_everything(), on=ERASED, at=AT)
    with pytest.raises(DatabaseError, match="the register of disposals never changes"), transaction.atomic():
        Disposal.objects.update(counts={})
    assert Disposal.objects.get().counts


def test_the_database_itself_keeps_one_key_for_each_person_and_retention() -> None:
    customer = make_everything()
    erase(subject=customer, on=ERASED, at=AT)
    proof = PersonKey.objects.filter(subject="accounts.customer", retention="proof")
    must_be_refused("one_key_per_person_and_retention|personkey", proof, retention="accounting")
    must_be_refused("destroyed_key_is_gone", proof, destroyed_on=ERASED)
    must_be_refused("erasure_done_or_refused", Erasure.objects.all(), refused_for="serves")
