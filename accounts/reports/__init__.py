"""What a rehearsal tells of customers, their people and their contracts: one module a noun."""

from accounts.reports import agreements
from accounts.reports.ahead import next_days, seats_leaving
from accounts.reports.amendments import amendments
from accounts.reports.circumstances import handovers, moved_deadlines
from accounts.reports.conduct import abuse_reports, conduct, evidence, judged
from accounts.reports.contracts import periods, subscriptions
from accounts.reports.endings import breaches, data_steps, end_requests, planned_ends, successions, withdrawals
from accounts.reports.happened import happened_to
from accounts.reports.identity import (
    declared,
    eligibility,
    options,
    refused_orders,
    screened,
    untrue,
    verifications,
)
from accounts.reports.notices import letters
from accounts.reports.privacy import data_breaches, data_requests, disposals
from accounts.reports.received import received
from accounts.reports.seats import seats
from accounts.reports.states import state_changes
from accounts.reports.vendors import vendor_clocks

IDENTITY = (refused_orders, eligibility, options, verifications, declared, untrue, screened)
TELLERS = (
    subscriptions,
    state_changes,
    periods,
    seats,
    *agreements.TELLERS,
    letters,
    received,
    abuse_reports,
    conduct,
    evidence,
    judged,
    breaches,
    planned_ends,
    withdrawals,
    end_requests,
    successions,
    data_steps,
    amendments,
    vendor_clocks,
    data_requests,
    data_breaches,
    disposals,
    handovers,
    moved_deadlines,
    *IDENTITY,
)

AHEAD = (next_days, seats_leaving)

__all__ = ["AHEAD", "TELLERS", "happened_to"]
