"""What this app holds of persons, declared for the archive, the erasure and the test of both: one module a noun.

A person is a customer, one of its people (an administrator, an end user), somebody who signs in, a reseller; or what
somebody left with us of whom we know nothing else: a report, a mail, a file.
"""

from accounts.exports import (
    agreements,
    amendments,
    breaches,
    conduct,
    contracts,
    files,
    identity,
    letters,
    people,
    post,
    privacy,
    support,
)
from accounts.exports.bars import bars
from accounts.exports.plain import NOTHING_PERSONAL

HOLDINGS = (
    *amendments.HOLDINGS,
    *breaches.HOLDINGS,
    *conduct.HOLDINGS,
    *contracts.HOLDINGS,
    *agreements.HOLDINGS,
    *files.HOLDINGS,
    *identity.HOLDINGS,
    *letters.HOLDINGS,
    *people.HOLDINGS,
    *post.HOLDINGS,
    *support.HOLDINGS,
    *privacy.HOLDINGS,
)

__all__ = ["HOLDINGS", "NOTHING_PERSONAL", "bars"]
