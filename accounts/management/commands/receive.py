"""Takes one mail in, from the mail server."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import CommandError
from django.db import OperationalError
from django.utils import timezone

from accounts.inbound import take_in
from accounts.mail import LARGEST, Unreadable
from backoffice.commands import ExampleCommand

EXAMPLE = """\
example:
  python manage.py receive < bounce.eml

One raw mail (RFC 5322) comes on standard input, as a mail server hands it to a program; in Postfix's master.cf:

  backoffice unix - n n - 4 pipe user=backoffice argv=/srv/backoffice/.venv/bin/python /srv/backoffice/manage.py receive

The name that the server writes into Authentication-Results stands in MAIL_AUTHSERV_ID; no other word about who sent
a mail is believed, and what nobody vouches for waits for staff. The exit status tells the server what to do: 0 the mail
is kept (also when it came before), 65 it is no mail and is to be refused, 75 the database is away, try again later.
"""


class Command(ExampleCommand):
    help = "Take one raw mail in on standard input: word of a delivery finds its letter, an answer what it answers."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def examples(self) -> str:
        return EXAMPLE

    def handle(self, *args: Any, **options: Any) -> None:
        # One byte more than is taken shows that there is too much, and an endless stream stays out of memory.
        raw = sys.stdin.buffer.read(LARGEST + 1)
        try:
            taken = take_in(raw=raw, at=timezone.now())
        except Unreadable as error:
            raise CommandError(f"this is no mail that can be taken in: {error}", returncode=os.EX_DATAERR) from error
        except OperationalError as error:
            raise CommandError("the database is away; try again later", returncode=os.EX_TEMPFAIL) from error
        mail = taken.mail
        before = "" if taken.is_new else ", which came before"
        self.stdout.write(f"Mail {mail.pk}{before}: {mail.get_kind_display()}, {mail.get_state_display()}.")
