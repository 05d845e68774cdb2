"""What our commands share: a --help that ends with examples that work."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class ExampleCommand(BaseCommand):
    """A command whose --help ends with ``examples()``."""

    def examples(self) -> str:
        raise TypeError(f"{type(self).__module__} shows no example")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        more = {"epilog": self.examples(), "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **more | kwargs)
