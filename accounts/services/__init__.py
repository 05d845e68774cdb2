"""What is done with customers, their people and their contracts, one module a noun: each verb loads, asks a rule, and
writes, in one transaction."""

from accounts.services.agreements import (
    Signatory,
    accept,
    documents_to_accept,
    file_power,
    record_owner,
    user_acceptance,
)
from accounts.services.amendment_rights import (
    agree_to_amendment,
    answer_claim,
    claim_material_effect,
    leave_over_amendment,
    tell_again,
    waive_amendment,
)
from accounts.services.amendments import Publication, draft_amendment, publish_amendment
from accounts.services.breaches import end_over, put_payment_right, put_right, suspend_over, tell_breach
from accounts.services.circumstances import announce, end_force_majeure, hand_contract_on, note_force_majeure
from accounts.services.clauses import together
from accounts.services.confirmations import confirm_order
from accounts.services.contracts import (
    Order,
    add_document,
    ask_period,
    close_periods,
    confirm_payment,
    last_day_to_tell,
    period_of,
    renewal_months,
    subscribe,
)
from accounts.services.customers import Details, NotPossible, note_verification, register_customer
from accounts.services.data_steps import exclude_from_backups
from accounts.services.endings import (
    end_after_merger,
    note_succession,
    request_end,
    stop_at_once,
    tell_end_complete,
    withdraw_notice,
)
from accounts.services.licences import assign_licence
from accounts.services.members import (
    Guest,
    accept_invitation,
    invite,
    open_invitation,
    register_reseller,
    signatory_of,
)
from accounts.services.orders import Placed, place_order
from accounts.services.overdue import tell_overdue
from accounts.services.people import (
    Person,
    designate_administrator,
    leave,
    note_use,
    register_end_user,
    remove_administrator,
)
from accounts.services.received import Incoming, Noted, give_notice, receive_notice, right_form
from accounts.services.resale import order_for_resale, record_permission
from accounts.services.seats import add_seats, give_up_seats, quote_seats, seats_on, take_seats_away
from accounts.services.special_terms import agree_special_term, end_special_term
from accounts.services.states import note_all_overdue, note_overdue, note_paid, plan_ends, resume, suspend, terminate
from accounts.services.vendors import (
    Supply,
    draft_vendor_contract,
    end_vendor_contract,
    meet,
    note_vendor_bill,
    note_vendor_outage,
    plan_on_vendors_notice,
    sign_vendor_contract,
)

__all__ = [
    "Details",
    "Guest",
    "Incoming",
    "NotPossible",
    "Noted",
    "Order",
    "Person",
    "Placed",
    "Publication",
    "Signatory",
    "Supply",
    "accept",
    "accept_invitation",
    "add_document",
    "add_seats",
    "agree_special_term",
    "agree_to_amendment",
    "announce",
    "answer_claim",
    "ask_period",
    "assign_licence",
    "claim_material_effect",
    "close_periods",
    "confirm_order",
    "confirm_payment",
    "designate_administrator",
    "documents_to_accept",
    "draft_amendment",
    "draft_vendor_contract",
    "end_after_merger",
    "end_force_majeure",
    "end_over",
    "end_special_term",
    "end_vendor_contract",
    "exclude_from_backups",
    "file_power",
    "give_notice",
    "give_up_seats",
    "hand_contract_on",
    "invite",
    "last_day_to_tell",
    "leave",
    "leave_over_amendment",
    "meet",
    "note_all_overdue",
    "note_force_majeure",
    "note_overdue",
    "note_paid",
    "note_succession",
    "note_use",
    "note_vendor_bill",
    "note_vendor_outage",
    "note_verification",
    "open_invitation",
    "order_for_resale",
    "period_of",
    "place_order",
    "plan_ends",
    "plan_on_vendors_notice",
    "publish_amendment",
    "put_payment_right",
    "put_right",
    "quote_seats",
    "receive_notice",
    "record_owner",
    "record_permission",
    "register_customer",
    "register_end_user",
    "register_reseller",
    "remove_administrator",
    "renewal_months",
    "request_end",
    "resume",
    "right_form",
    "seats_on",
    "sign_vendor_contract",
    "signatory_of",
    "stop_at_once",
    "subscribe",
    "suspend",
    "suspend_over",
    "take_seats_away",
    "tell_again",
    "tell_breach",
    "tell_end_complete",
    "tell_overdue",
    "terminate",
    "together",
    "user_acceptance",
    "waive_amendment",
    "withdraw_notice",
]
