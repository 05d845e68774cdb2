"""What a day, a minute and the outbox do with customers and their contracts: one module a noun."""

from accounts import notices, tickets
from accounts.jobs import amendments, announcements, conduct, files, identity, privacy, seats, states, terms, vendors
from accounts.services import abuse
from backoffice import clocks, outbox
from backoffice.outbox import Courier

outbox.register(notices.KIND, Courier(notices.send, notices.sent, notices.gave_up))

clocks.clock("Evidence of consent near its deadline")(abuse.ring)
clocks.clock("Support tickets near their deadline")(tickets.ring)
clocks.clock("Ends that were told are complete")(states.complete_told_ends)

__all__ = [
    "amendments",
    "announcements",
    "conduct",
    "files",
    "identity",
    "privacy",
    "seats",
    "states",
    "terms",
    "vendors",
]
