"""How this package knows the apps: by the names of their modules, never by importing an app it names.

An app that has a ``policy`` brings rules, one that has ``jobs`` brings work for the day, and so on.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.conf import settings


def house_apps() -> list[str]:
    """The names of the apps that stand beside this package, in the order of INSTALLED_APPS."""
    return [config.name for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]


def modules(name: str) -> Iterator[ModuleType]:
    """The module of this name (``jobs``, ``verbs``, ``api`` …) of every app that has one."""
    for app in house_apps():
        if importlib.util.find_spec(f"{app}.{name}") is not None:
            yield importlib.import_module(f"{app}.{name}")
