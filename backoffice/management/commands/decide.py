"""Answers questions about the contracts: JSON Lines in, JSON Lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.core.management.base import CommandParser

from backoffice.commands import ExampleCommand, reader_may_leave
from backoffice.terms import registry
from backoffice.terms.book import book
from backoffice.terms.interpreter import LONGEST_LINE, answer_lines

EXAMPLE = """\
example:
  echo '{"rule": "refund.early_termination", "vendor": "<vendor>", "facts": {"price": "1000.00", "currency": "USD",
  "start": "2026-01-01", "cycle_months": 12, "terminated_on": "2026-03-31", "by": "customer", "cause": "convenience",
  "product": "service"}}' | python manage.py decide

One question a line, one answer a line, in order. A bad question is answered with its error and the stream goes on.
The exit status is 0 when every line was answered, 1 when any line was an error.
"""


class Command(ExampleCommand):
    help = "Answer questions about the contracts, one JSON object a line on standard input."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def examples(self) -> str:
        return EXAMPLE

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rules", action="store_true", help="list the rules and the facts each of them asks for")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rules"]:
            for rule in registry.rules().values():
                schema = rule.facts.model_json_schema(by_alias=True)
                print(json.dumps({"rule": rule.name, "question": rule.question, "facts": list(schema["properties"])}))
            return
        with reader_may_leave():
            errors = answer_stream(sys.stdin.buffer, sys.stdout.buffer)
        if errors:
            sys.exit(1)


def answer_stream(questions: BinaryIO, answers: BinaryIO) -> int:
    """Answers line by line, each at once, so that a program may wait for it before it asks on; returns the errors."""
    errors = 0
    for line, is_error in answer_lines(book(), read_lines(questions)):
        answers.write(line)
        answers.flush()
        errors += is_error
    return errors


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of an endless one only as much as shows that it is too long, so that memory stays flat."""
    while line := stream.readline(LONGEST_LINE + 2):
        yield line
        while not line.endswith(b"\n") and (line := stream.readline(LONGEST_LINE)):
            continue
