"""The rules by name. A rule is a pure function in some app's ``policy`` module; discovery finds it there."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar, get_type_hints

from .decision import Decision
from .facts import Facts
from .sheet import Sheet

D = TypeVar("D", bound=Callable[..., Decision[Any]])


class Rule(NamedTuple):
    """One question that every vendor's sheet answers, and the one function that does."""

    name: str
    question: str
    facts: type[Facts]
    decide: Callable[[Sheet, Any], Decision[Any]]
    tell: Callable[[Any], str]


_rules: dict[str, Rule] = {}


def rule(name: str, question: str, tell: Callable[[Any], str]) -> Callable[[D], D]:
    """Registers ``decide_…(sheet, facts)`` under a name, with the question in words and ``tell``, which puts the
    outcome of a covered question into one or two plain sentences."""

    def register(decide: D) -> D:
        if name in _rules:
            raise ValueError(f"two rules are named {name}")
        _rules[name] = Rule(name, question, get_type_hints(decide)["facts"], decide, tell)
        return decide

    return register


def discover(apps: Iterable[str]) -> None:
    """Imports every app's ``policy`` (a module or a package by noun), which registers its rules."""
    for app in apps:
        name = f"{app}.policy"
        if importlib.util.find_spec(name) is None:
            continue
        policy = importlib.import_module(name)
        for module in pkgutil.iter_modules(getattr(policy, "__path__", [])):
            importlib.import_module(f"{name}.{module.name}")


def rules() -> dict[str, Rule]:
    """All rules by name, in alphabetical order."""
    return dict(sorted(_rules.items()))


def find(name: object) -> Rule | None:
    return _rules.get(name) if isinstance(name, str) else None
