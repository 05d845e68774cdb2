"""The portal's pages about money: one module a noun."""

from backoffice.portal import page
from billing.portal import bills, claims, disputes, seats
from billing.portal.claims import needs
from billing.portal.disputes import ahead

MENU = (("Bills", "portal:bills"),)
urlpatterns = [
    page("bills/", bills.bills, "bills"),
    page("bills/<int:number>/", bills.bill, "bill"),
    page("customers/<int:number>/statement/", bills.statement, "statement"),
    page("customers/<int:number>/statement.csv", bills.statement_csv, "statement_csv"),
    page("subscriptions/<int:number>/seats/add/", seats.add, "add_seats", acts=True),
    page("bills/<int:number>/dispute/", disputes.dispute, "dispute", acts=True),
    page("subscriptions/<int:number>/claim/", claims.claim, "claim", acts=True),
]

__all__ = ["MENU", "ahead", "needs", "urlpatterns"]
