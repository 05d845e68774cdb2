"""The portal's pages about money: one module a noun."""

from backoffice.portal import page
from billing.portal import claims, disputes, seats
from billing.portal.claims import needs
from billing.portal.disputes import ahead

urlpatterns = [
    page("subscriptions/<int:number>/seats/add/", seats.add, "add_seats", acts=True),
    page("bills/<int:number>/dispute/", disputes.dispute, "dispute", acts=True),
    page("subscriptions/<int:number>/claim/", claims.claim, "claim", acts=True),
]

__all__ = ["ahead", "needs", "urlpatterns"]
