"""`manage.py decide` as programs use it: a process that reads lines and writes lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from backoffice.management.commands.decide import read_lines
from backoffice.terms import registry
from backoffice.terms.interpreter import LONGEST_LINE
from tests.terms.questions import worked_examples

COMMAND = [sys.executable, "manage.py", "decide"]
QUESTION = {"rule": "retention.until", "vendor": "cryptopass", "facts": {"data": "contact", "ended_on": "2024-02-29"}}


def decide(text: str, *arguments: str) -> tuple[int, list[Any]]:
    done = subprocess.run(
        [*COMMAND, *arguments], input=text, capture_output=True, text=True, cwd=settings.BASE_DIR, check=False
    )
    assert not done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_stream_is_answered_in_order() -> None:
    examples = worked_examples()
    status, answers = decide("".join(json.dumps(row) + "\n" for row in examples))
    assert [(row["rule"], row["vendor"]) for row in examples if "error" not in row] == [
        (given["rule"], given["vendor"]) for given in answers if "error" not in given
    ]
    assert len(answers) == len(examples)
    assert status == 1, "some examples are errors"


def test_the_status_is_0_when_every_line_was_answered() -> None:
    status, answers = decide(json.dumps(QUESTION) + "\n" + json.dumps(QUESTION))
    assert (status, len(answers)) == (0, 2)
    assert answers[0] == {
        **{key: QUESTION[key] for key in ("rule", "vendor")},
        "sheet": "cryptopass/2022-01-01",
        "outcome": {"erase_on": "2027-02-28"},
        "because": [
            {
                "clause": "8.3",
                "says": "The end is that of the last contract with the customer or any of its affiliates",
            },
            {"clause": "8.3", "says": "Contact data is kept for three years after the end"},
        ],
    }


def test_a_bad_line_is_answered_and_passed() -> None:
    status, answers = decide(f"{json.dumps(QUESTION)}\nnonsense\n\n{json.dumps(QUESTION)}\n")
    assert status == 1
    assert [given.get("error", {}).get("code") for given in answers] == [None, "bad_json", "bad_json", None]


@contextmanager
def conversation() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    ) as process:
        yield process


def test_each_answer_comes_before_the_next_question() -> None:
    with conversation() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(json.dumps(QUESTION) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["outcome"] == {"erase_on": "2027-02-28"}
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_line_without_end_is_answered_once_and_not_kept() -> None:
    endless = BytesIO(b"x" * (3 * LONGEST_LINE) + b"\n" + b'{"rule": 1}\n')
    lines = list(read_lines(endless))
    assert [len(line) for line in lines] == [LONGEST_LINE + 2, 12]


def test_rules_lists_every_rule_and_its_facts() -> None:
    status, rules = decide("", "--rules")
    assert status == 0
    facts = {row["rule"]: row["facts"] for row in rules}
    assert set(facts) == set(registry.rules())
    assert facts["term.end"] == ["start", "cycle_months", "commitment", "notice_on", "by"]
    assert "currency" in facts["late.charges"]


@pytest.mark.parametrize("argument", ["--help"])
def test_help_shows_an_example(argument: str) -> None:
    done = subprocess.run([*COMMAND, argument], capture_output=True, text=True, cwd=settings.BASE_DIR, check=True)
    assert "example:" in done.stdout


def test_a_reader_that_has_enough_ends_the_stream_without_a_traceback() -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(QUESTION) + "\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(json.dumps(QUESTION) + "\n")
        process.stdin.close()
        assert process.wait(timeout=30) == 1
        assert process.stderr.read() == ""
