"""`manage.py rehearse` as staff use it, and the report: what happened, with its clauses, the same every time."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from django.conf import settings
from pydantic.fields import FieldInfo
from rich.console import Console

from accounts.models import Customer
from backoffice import rehearsal, timeline
from backoffice.management.commands.rehearse import BOOKS, Command, event_help, field_words, rehearse
from backoffice.timeline import Entry, Fields, Makes, RefersTo
from tests.backoffice.mutations import UNTIL, VALID

BROKEN = [*VALID, {"on": "2026-03-30", "do": "first payment", "subscription": "zest-1"}]
# What stands behind a period of the first contract of VALID, in the order in which the rule read it.
PERIOD = [("2.2", False), ("2.2", False), ("5.1", False), ("5.1", True), ("5.1", True), ("4.1.1", False)]


def lines(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def entries(*events: dict[str, Any]) -> list[Entry]:
    return timeline.read_lines(io.BytesIO(lines(*events).encode()))


def report(until: date | None = UNTIL, vendor: str | None = None) -> rehearsal.Report:
    return rehearse(entries(*VALID), until, vendor, Console(quiet=True))


def run(folder: Path, *arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own, on a machine whose books are in the folder; its scratch is there too."""
    (folder / "scratch").mkdir(exist_ok=True)
    real = {"VAR_DIR": str(folder / "var"), "DATABASE_URL": f"sqlite:///{folder / 'real.sqlite3'}"}
    return subprocess.run(
        [sys.executable, "manage.py", "rehearse", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=os.environ | real | {"TMPDIR": str(folder / "scratch")} | environment,
        capture_output=True,
        check=False,
    )


def untouched(folder: Path) -> bool:
    """Whether nothing was written to the real books or letters, and the scratch database is gone."""
    kept = sorted(path.name for path in (folder / "var").iterdir())
    return not (folder / "real.sqlite3").exists() and "mailbox" not in kept and not list((folder / "scratch").iterdir())


def of(told: rehearsal.Report, name: str) -> list[tuple[str, str, str]]:
    return [(one.on.isoformat(), one.kind, one.says) for one in told.happened if one.name == name]


@pytest.mark.django_db
def test_it_tells_what_happened_in_order() -> None:
    assert of(report(), "acme-1") == [
        ("2026-03-25", "order", "Essential, paid by card."),
        ("2026-03-25", "beginning", "The term begins on 25 March 2026."),
        (
            "2026-03-25",
            "period",
            "The period runs from 25 March 2026 to 31 March 2026; a notice not to renew must come by 16 March 2026 and "
            "the next period may be charged from 1 April 2026 and is due on 1 April 2026.",
        ),
        ("2026-03-25", "letter", "A letter with an invoice to acme@acme.example, due on 25 March 2026 (sent)."),
        (
            "2026-03-25",
            "invoice",
            "INV-000001 over 6.71 EUR, due on 25 March 2026: Essential, 7 of 31 days, 25 March 2026 to 31 March 2026, 3 at "
            "9.90 EUR each: 6.71 EUR.",
        ),
        ("2026-03-26", "change of state", "It is past due, because a payment is overdue."),
        (
            "2026-03-28",
            "notice received",
            "A notice not to renew came from the customer by having all accounts deleted; it counts on 28 March 2026.",
        ),
        (
            "2026-03-28",
            "notice to stop",
            "It was told on 28 March 2026; 30 April 2026 is the last day of service.",
        ),
        (
            "2026-04-01",
            "period",
            "The period runs from 1 April 2026 to 30 April 2026; a notice not to renew must come by 15 April 2026 and "
            "the next period may be charged from 1 May 2026 and is due on 1 May 2026.",
        ),
        ("2026-04-01", "letter", "A letter with an invoice to acme@acme.example, due on 1 April 2026 (sent)."),
        (
            "2026-04-01",
            "invoice",
            "INV-000003 over 29.70 EUR, due on 1 April 2026: Essential, 1 April 2026 to 30 April 2026, 3 at 9.90 EUR each: "
            "29.70 EUR.",
        ),
    ]


@pytest.mark.django_db
def test_each_day_and_amount_is_told_again_as_figures_with_its_clauses() -> None:
    told = rehearsal.as_json(report(vendor="cryptopass"))
    *others, invoice = told["happened"]
    because = invoice.pop("because")
    assert invoice == {
        "on": "2026-04-01",
        "kind": "invoice",
        "vendor": "cryptopass",
        "sheet": "cryptopass/2022-01-01",
        "name": "acme-1",
        "customer": "Acme",
        "says": "INV-000003 over 29.70 EUR, due on 1 April 2026: Essential, 1 April 2026 to 30 April 2026, 3 at 9.90 EUR each: "
        "29.70 EUR.",
        "figures": {
            "number": "INV-000003",
            "amount": "29.70",
            "currency": "EUR",
            "quantity": 3,
            "price": "9.90",
            "issued_on": "2026-04-01",
            "due_on": "2026-04-01",
            "period_start": "2026-04-01",
            "period_end": "2026-04-30",
        },
    }
    assert [(item["clause"], item.get("reading", False)) for item in because] == [*PERIOD, ("5.3", False)]
    assert (told["from"], told["to"], told["events"], told["undone"]) == ("2026-03-24", "2026-04-02", 10, [])
    assert {one["vendor"] for one in others} == {"cryptopass"}
    assert [one["kind"] for one in others if not one["because"]] == ["order", "change of state"]


@pytest.mark.django_db
def test_the_text_groups_by_day_and_explains_each_clause_once() -> None:
    text = rehearsal.as_text(report(vendor="cryptopass")).splitlines()
    assert text[0].startswith(
        "10 events, played from 24 March 2026 to 2 April 2026: beginning (1), change of state (1), invoice (2), "
    )
    heads = [line for line in text if line and line[0].isdigit()]
    assert heads[1:] == ["25 March 2026", "26 March 2026", "28 March 2026", "1 April 2026"]
    first = text.index("1 April 2026")
    assert text[first + 1] == "  period: acme-1, Acme, Cryptopass"
    assert "      [2.2; 5.1; 5.1 (our reading); 4.1.1]" in text
    assert text.count("  5.3: Payments are made in euros.") == 1
    assert max(map(len, text)) <= rehearsal.WIDTH + 40, "the head of the clauses is one line"


@pytest.mark.django_db
def test_an_ended_term_is_told() -> None:
    shown = [
        {"on": "2026-03-25", "do": "identity document", "customer": "acme", "vendor": "cryptopass", "kind": "register"},
        {"on": "2026-03-25", "do": "eligibility shown", "subscription": "acme-1"},
    ]
    events = [VALID[0], VALID[2], VALID[4], *shown, {**VALID[8], "on": "2026-03-25"}]
    told = rehearse(entries(*events), date(2026, 5, 2), None, Console(quiet=True))
    says = "30 April 2026 was the last day of service, because notice to stop was given."
    assert ("2026-04-30", "end", says) in of(told, "acme-1")
    gone = ("2026-05-01", "data", "The users are disconnected (done).")
    assert of(told, "acme-1")[-1] == gone


@pytest.mark.django_db
def test_a_change_of_seats_is_told_with_what_it_costs() -> None:
    asked = {"on": "2026-03-27", "subscription": "acme-1", "asked_by": "ann@acme.example"}
    person = {"customer": "acme", "vendor": "cryptopass", "name": "Ann", "email": "ann@acme.example"}
    events = [
        *(VALID[number] for number in (0, 2, 4)),
        {"on": "2026-03-26", "do": "administrator", "ref": "ann", **person},
        {**asked, "do": "add seats", "seats": 2, "unit_price": "9.90"},
    ]
    told = rehearse(entries(*events), None, None, Console(quiet=True))
    change = told.happened[-1]
    assert change.says == "2 seats added from 27 March 2026 on, 3.19 EUR for the rest of the period."
    assert (change.name, change.figures["amount"], change.figures["charged_until"]) == ("acme-1", "3.19", "2026-03-31")
    assert {item["clause"] for item in change.because} == {"3.5", "5.2", "5.3"}


@pytest.mark.django_db
def test_a_day_that_cannot_be_finished_is_told_with_its_reason() -> None:
    told = rehearse(entries(VALID[0], VALID[4]), date(2026, 4, 3), None, Console(quiet=True))
    assert [(one.vendor, one.day, one.job) for one in told.undone] == [
        ("cryptopass", date(2026, 4, 1), "Renewals are invoiced")
    ]
    assert "There is no price for the plan 'Essential' over 1 month on" in told.undone[0].why
    text = rehearsal.as_text(told)
    assert "Not done: Cryptopass, 1 April 2026, renewals are invoiced: There is no price" in text


@pytest.mark.django_db
def test_what_comes_after_the_last_day_is_not_played() -> None:
    told = report(until=date(2026, 3, 25))
    assert (told.events, told.last) == (6, date(2026, 3, 25))
    assert {one.name for one in told.happened} == {"acme-1", "zest-1"}


@pytest.mark.django_db
def test_before_the_first_event_nothing_happens() -> None:
    nothing = report(until=date(2026, 3, 1))
    assert nothing == rehearsal.Report(None, None, 0, [], [])
    assert rehearsal.as_text(nothing) == "There was no event, so nothing happened.\n"


@pytest.mark.django_db
def test_the_same_timeline_makes_the_same_report_in_any_process_and_database(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(lines(*VALID))
    arguments = [file, "--report", "json", "--until", UNTIL]
    one, other = (run(tmp_path, *arguments, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert (one.returncode, other.returncode) == (0, 0), one.stderr + other.stderr
    assert one.stdout == other.stdout
    assert json.loads(one.stdout) == rehearsal.as_json(report())
    assert untouched(tmp_path)


def test_a_line_that_the_books_do_not_allow_leaves_no_report(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(lines(*BROKEN))
    done = run(tmp_path, file)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"events.jsonl: line 11: first payment: subscription " in done.stderr
    assert b"waits for no payment" in done.stderr
    assert untouched(tmp_path)


def test_a_database_that_is_not_new_is_never_played_into(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(lines(*VALID))
    (tmp_path / "real.sqlite3").write_bytes(b"")
    for folder in (tmp_path, tmp_path / "scratch"):
        done = run(tmp_path, file, REHEARSAL_FOLDER=str(folder))
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"is not a new one in that folder" in done.stderr
    assert (tmp_path / "real.sqlite3").read_bytes() == b""


def test_check_only_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(lines(*BROKEN))
    Command().run_from_argv(["manage.py", "rehearse", "--check", str(file)])
    assert capsys.readouterr().out == "11 events; each can be read.\n"
    file.write_text(lines(*VALID, {**VALID[4], "ref": "acme-2", "customer": "nobody"}))
    for argument, said in [
        (file, f"{file}: line 11: on: 2026-03-25 comes after 2026-03-29 in the file"),
        (tmp_path / "gone", f"{tmp_path / 'gone'}: No such file or directory"),
    ]:
        with pytest.raises(SystemExit) as ended:
            Command().run_from_argv(["manage.py", "rehearse", "--check", str(argument)])
        assert ended.value.code == 1
        assert capsys.readouterr().err.strip() == f"CommandError: {said}"


@pytest.mark.parametrize("day", ["soon", "1999-12-31"])
def test_until_is_a_day(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "rehearse", str(BOOKS), "--until", day])
    assert ended.value.code == 2
    assert day in capsys.readouterr().err


def test_help_lists_every_event_with_its_fields_and_examples_that_work() -> None:
    told = list(event_help())
    shown = Command().create_parser("manage.py", "rehearse").format_help()
    assert "\n".join(told) in shown
    for verb in timeline.verbs().values():
        assert any(line.startswith(f"  {verb.name}: ") and line.endswith(".") for line in told)
        for field in verb.fields.model_fields:
            assert any(line.startswith(f"      {field} ") for line in told)
    assert '      by                    one of "customer", "vendor" ("customer")' in told
    assert "      customer              the name of a customer" in told
    assert "      agreed_start          a day or null (null)" in told
    samples = [json.loads(line) for line in told if line.strip().startswith("{")]
    assert {sample["do"] for sample in samples} <= set(timeline.verbs())
    assert len(samples) >= 5
    examples = [line.split()[2:] for line in shown.splitlines() if line.startswith("  python manage.py")]
    assert len(examples) == 3
    for words in examples:
        assert Command().create_parser("manage.py", "rehearse").parse_args(words[1:]).file == BOOKS.relative_to(
            settings.BASE_DIR
        )


class Sample(Fields):
    several: tuple[str, ...] = ()
    length: Annotated[int, "of something"] | None = None
    kind: Literal["a", 1]
    who: Annotated[str | None, RefersTo(Customer)] = None
    raw: dict[str, str]


def test_fields_are_described_by_their_types() -> None:
    fields: dict[str, FieldInfo] = Sample.model_fields
    assert [field_words(field) for field in fields.values()] == [
        "a list, each text ([])",
        "a whole number or null (null)",
        'one of "a", 1',
        "the name of a customer or null (null)",
        "dict",
    ]


def test_what_lines_make_and_refer_to_is_declared() -> None:
    fields = [(verb.name, name, field) for verb in timeline.verbs().values() for name, field in verb.fields.model_fields.items()]  # fmt: skip
    undeclared = [verb for verb, name, field in fields if name == "ref" and not any(isinstance(m, Makes) for m in field.metadata)]  # fmt: skip
    assert undeclared == []
    made = {mark.kind for _, _, field in fields for mark in field.metadata if isinstance(mark, Makes)}
    referred = {mark.kind for _, _, field in fields for mark in field.metadata if isinstance(mark, RefersTo)}
    assert referred
    assert referred <= made
