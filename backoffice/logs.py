"""What a log line may hold: ids, counts, durations, places in the code; no names, addresses, amounts or secrets."""

import sys
import traceback
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# The innermost frames tell what failed; the outermost are the framework's.
FRAMES_KEPT = 15


def without_error_text(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Tell an exception by its type and its places in the code, without its message.

    Messages quote the values that were in hand (a database error prints the whole row), so they stay out of the log.
    """
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, tuple):
        raised = raised[1]
    if not isinstance(raised, BaseException):
        return event
    event.pop("error", None)
    frames = traceback.extract_tb(raised.__traceback__)[-FRAMES_KEPT:]
    event["exception"] = type(raised).__qualname__
    event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    if raised.__cause__ is not None:
        event["cause"] = type(raised.__cause__).__qualname__
    return event


# Run for our own events and for those of the libraries alike.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_error_text,
]


def configuration(level: str) -> dict[str, Any]:
    """Return the `LOGGING` setting: one JSON line for each event of at least `level`, to standard error.

    ImproperlyConfigured for a level that does not exist.
    """
    level = level.upper()
    if level not in LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}; it can be {', '.join(LEVELS)}")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(default=str),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Our own request and task events say the same, without paths' queries and exceptions' texts.
            "django.request": {"level": "CRITICAL"},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery": {"level": "WARNING"},
            # By default these two print a second time, past the handler above.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
