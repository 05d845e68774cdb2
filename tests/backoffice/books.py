"""Databases of their own for tests in which real processes meet: a full one to begin with, and copies of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import environ
import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql


class Books:
    """One database that other processes find by its address, and a folder for the files that belong to it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.mailbox, self.var = url, folder / "mailbox", folder / "var"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs that is to work on these books; days in the future may run."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.var),
            "DAYS_BY_HAND": "true",
            "EMAIL_URL": f"filemail:///{self.mailbox}",
        }

    def crew(self, *order: object) -> Any:
        """What a crew (see its module) answers to an order."""
        command = [sys.executable, "-m", "tests.backoffice.crew", *map(str, order)]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def empty_books(folder: Path) -> Books:
    """The tests' own database, which has its tables already and which nobody holds open after this, without any files."""
    connections.close_all()
    kind = "sqlite" if settings.EMBEDDED else "postgres"
    return Books(f"{kind}:///{connections['default'].settings_dict['NAME']}", folder)


@contextmanager
def new_books(folder: Path, like: Books) -> Iterator[Books]:
    """A copy of books that nobody is using; gone afterwards."""
    if like.var.exists():
        shutil.copytree(like.var, folder / "var")
    if settings.EMBEDDED:
        file = folder / f"{uuid4().hex}.sqlite3"
        shutil.copy(environ.Env.db_url_config(like.url)["NAME"], file)
        yield Books(f"sqlite:///{file}", folder)
        return
    ours = settings.DATABASES["default"]
    server = {"host": ours["HOST"], "port": ours["PORT"], "user": ours["USER"], "password": ours["PASSWORD"]}
    name = f"crew_{uuid4().hex}"
    template = environ.Env.db_url_config(like.url)["NAME"]
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
        try:
            yield Books("postgres://{user}:{password}@{host}:{port}/".format(**server) + name, folder)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
