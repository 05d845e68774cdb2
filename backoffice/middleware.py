"""The project's own middleware, in the order `MIDDLEWARE` names it."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse_lazy
from django_structlog.middlewares import RequestMiddleware

RESET_KEY = "/password/reset/key/"
ADMIN = reverse_lazy("admin:index")


class RequestLog(RequestMiddleware):
    """One log line for each request, its address without the query, which may hold what somebody searched for.

    Nor does it hold the key by which a new password can be chosen.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        before, key, _ = request.path.partition(RESET_KEY)
        return f"{request.method} {before}{key}"


def admin_scripts(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Let the admin's theme evaluate its own attributes and style its own elements; no other page may."""
    relaxed = csp_update({"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]})(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        answer = relaxed if request.path.startswith(str(ADMIN)) else get_response
        return answer(request)

    return middleware
