"""The address a load balancer asks: is this process able to serve?"""

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from backoffice.celery import app

log = structlog.get_logger(__name__)

# A load balancer gives up after a few seconds, and each waiting process serves nobody meanwhile.
BROKER_PATIENCE_SECONDS = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say of database and broker whether each answers ("up" or "down").

    The status is 503 only without the database: pages work without the broker, and the work it would have hinted at
    is found again in the database.
    """
    database, broker = database_answers(), broker_answers()
    state = {"database": "up" if database else "down", "broker": "up" if broker else "down"}
    return JsonResponse(state, status=200 if database else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("database_down")
        return False
    return True


def broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=BROKER_PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE_SECONDS)
    except OperationalError:
        log.exception("broker_down")
        return False
    return True
