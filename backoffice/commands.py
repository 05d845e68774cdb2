"""What our commands share: a --help that ends with examples that work, days as arguments, output that is piped on."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class ExampleCommand(BaseCommand):
    """A command whose --help ends with ``examples()``."""

    def examples(self) -> str:
        raise TypeError(f"{type(self).__module__} shows no example")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        more = {"epilog": self.examples(), "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **more | kwargs)


def day(text: str) -> date:
    """An argument that is a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from error


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Ends the process with exit status 1, and says nothing, where whoever reads our output has enough of it."""
    try:
        yield
    except BrokenPipeError:
        # What is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
