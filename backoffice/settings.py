"""Everything a deployment chooses, read from its environment or from a file named .env beside manage.py.

What a contract says is never here but in its term sheet. Every default runs on a laptop.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from backoffice import logs
from backoffice.keyfile import kept_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
FALSE_STRINGS = ("false", "off", "n", "no", "0")
# The tests name no file, so that a developer's own .env cannot colour them.
if env_file := env.str("ENV_FILE", default=str(BASE_DIR / ".env")):
    env.read_env(env_file)


def true_or_false(name: str, *, default: bool) -> bool:
    """A choice between two; what says neither stops the process, rather than be taken for a no."""
    written = env.str(name, default="").strip().lower()
    if written and written not in {*env.BOOLEAN_TRUE_STRINGS, *FALSE_STRINGS}:
        raise ImproperlyConfigured(f"{name} is {written!r}; it can be true or false")
    return written in env.BOOLEAN_TRUE_STRINGS if written else default


# Where this copy keeps what it makes: the embedded database, uploads, outgoing mail, collected static files.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEBUG = true_or_false("DEBUG", default=False)
# True only where the site is served as http://localhost, as the demo does: cookies then travel without TLS.
INSECURE_HTTP = true_or_false("INSECURE_HTTP", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- The operator, and how its contracts run ---
OPERATOR_NAME = env.str("OPERATOR_NAME", default="The operator")
# A folder of the operator's own term sheets, beside those that come with the product; empty for none.
TERM_SHEETS_DIR = env.str("TERM_SHEETS_DIR", default="")
# For how long the file of a document that shows who somebody is is kept, and how long a verification lasts at most.
IDENTITY_DOCUMENT_DAYS = env.int("IDENTITY_DOCUMENT_DAYS", default=90)
IDENTITY_VERIFIED_DAYS = env.int("IDENTITY_VERIFIED_DAYS", default=3 * 365)
# Names and countries that the law bars, as JSON Lines (accounts/screening_list.py tells the form); empty for none.
SCREENING_LIST_FILE = env.str("SCREENING_LIST_FILE", default="")
# After how many days overdue a customer is warned in writing, where the contract gives time to pay before it is ended.
WARN_UNPAID_AFTER_DAYS = env.int("WARN_UNPAID_AFTER_DAYS", default=14)
# True leaves it to staff to open each day ("run the next day"); otherwise the clock does.
DAYS_BY_HAND = true_or_false("DAYS_BY_HAND", default=False)

# --- What stays after an erasure: sealed, for so many years from the end of the last contract, and why ---
RETENTIONS = {
    "accounting": (
        env.int("RETENTION_ACCOUNTING_YEARS", default=10),
        env.str("RETENTION_ACCOUNTING_BASIS", default="Books and their vouchers (code de commerce, L123-22)"),
    ),
    "proof": (
        env.int("RETENTION_PROOF_YEARS", default=5),
        env.str("RETENTION_PROOF_BASIS", default="Proof until claims lapse (code civil, 2224)"),
    ),
    # Where a contract says how long contacts are kept, that is followed; this is for the others.
    "contact": (
        env.int("RETENTION_CONTACT_YEARS", default=3),
        env.str("RETENTION_CONTACT_BASIS", default="Contacts go when the last contract is long over (GDPR 5(1)(e))"),
    ),
}
# What hangs on no contract goes so many days after it came, or was last needed, and why.
STRAY_RETENTIONS = {
    "report": (
        env.int("RETENTION_REPORT_DAYS", default=365),
        env.str("RETENTION_REPORT_BASIS", default="Reports of violations, while something may follow (GDPR 5(1)(e))"),
    ),
    "mail": (
        env.int("RETENTION_STRANGERS_MAIL_DAYS", default=180),
        env.str("RETENTION_STRANGERS_MAIL_BASIS", default="Mail of strangers, until it is dealt with (GDPR 5(1)(e))"),
    ),
    "file": (
        env.int("RETENTION_LOOSE_FILE_DAYS", default=7),
        env.str("RETENTION_LOOSE_FILE_BASIS", default="Files that no row names, left by something that failed"),
    ),
}

# --- Database ---
DATABASE: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'backoffice.sqlite3'}")
if "ENGINE" not in DATABASE:
    raise ImproperlyConfigured("DATABASE_URL names no database; one is named as postgres://user:password@host/name")
DATABASES = {"default": DATABASE}
EMBEDDED = DATABASE["ENGINE"] == "django.db.backends.sqlite3"
if EMBEDDED:
    # Writers queue at BEGIN rather than fail when a reader turns into a writer; readers never wait.
    # What is deleted is overwritten, not only unlinked.
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON"
    DATABASE["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
else:
    DATABASE |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A deployment on a database server may have several machines, which must share one key: there it has to be given.
SECRET_KEY = (
    kept_key(VAR_DIR / "secret_key") if (EMBEDDED or DEBUG) and "SECRET_KEY" not in env else env.str("SECRET_KEY")
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# What personal documents and erased records are sealed under; older ones only open. Lost, what they sealed is lost.
SEALING_SECRETS = [
    kept_key(VAR_DIR / "sealing_key") if (EMBEDDED or DEBUG) and "SEALING_KEY" not in env else env.str("SEALING_KEY"),
    *env.list("SEALING_KEY_FALLBACKS", default=[]),
]
if short := [secret for secret in SEALING_SECRETS if len(secret) < 32]:
    raise ImproperlyConfigured(f"SEALING_KEY needs 32 characters or more; {len(short)} of those given have fewer")

# --- Celery: a message is a hint that there is work in the database ---
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://localhost:6379/0")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's message comes back after this; it must outlast the longest task.
    "visibility_timeout": 3600,
    "unacked_restore_interval": 3,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 3300
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# A request does not wait for the broker: what it would have hinted at is found again within a minute.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# A hint that waited longer than its interval is dropped, since the next one says the same.
CELERY_BEAT_SCHEDULE = {
    "days": {"task": "backoffice.tasks.catch_up", "schedule": 60.0, "options": {"expires": 60}},
    "clocks": {"task": "backoffice.tasks.poll", "schedule": 60.0, "options": {"expires": 60}},
    "outbox": {"task": "backoffice.tasks.deliver", "schedule": 10.0, "options": {"expires": 10}},
}

# --- Cache: counts the attempts to sign in, so every process that serves pages has to share it ---
# Memory of one process would give a guesser as many tries as there are processes. On one machine files are shared.
CACHE_URL = f"filecache://{VAR_DIR / 'cache'}" if EMBEDDED else "redis://localhost:6379/1"
CACHES = {"default": env.cache_url("CACHE_URL", default=CACHE_URL)}

# --- Mail ---
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mailbox'}"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="backoffice@localhost")
# The name under which our own mail server writes Authentication-Results (RFC 8601), having stripped what others wrote
# under it. Of mail that comes in only this is believed; empty, no mail acts by itself.
MAIL_AUTHSERV_ID = env.str("MAIL_AUTHSERV_ID", default="")

# --- Applications ---
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # before the admin, whose templates it replaces
    "backoffice.site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_structlog",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "backoffice",
    "accounts",
    "billing",
    "affiliates",
    "lawreq",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "backoffice.middleware.admin_scripts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backoffice.middleware.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Named as a folder too, so that ours are found before the theme's.
        "DIRS": [BASE_DIR / "backoffice" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backoffice.portal.frame",
            ]
        },
    },
]
UNFOLD = {
    "SITE_TITLE": OPERATOR_NAME,
    "SITE_HEADER": OPERATOR_NAME,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "backoffice.pages.today.start_page",
    "SIDEBAR": {"navigation": "backoffice.navigation.menu"},
    "SITE_FAVICONS": [{"rel": "icon", "href": "backoffice.navigation.icon", "type": "image/svg+xml"}],
    "STYLES": ["backoffice.navigation.stylesheet"],
    "SCRIPTS": ["backoffice.navigation.script"],
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First, since the first one words the answer to who could not be let in: 401 and how to ask.
        "accounts.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"TITLE": f"{OPERATOR_NAME}: back-office", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}
SPECTACULAR_SETTINGS |= {"SWAGGER_UI_DIST": "SIDECAR", "SWAGGER_UI_FAVICON_HREF": "SIDECAR"}
# Nullable facts are told as JSON Schema tells them, which OpenAPI does from 3.1 on.
SPECTACULAR_SETTINGS |= {"OAS_VERSION": "3.1.0", "POSTPROCESSING_HOOKS": ["accounts.api.with_facts"]}
SPECTACULAR_SETTINGS["SERVE_PERMISSIONS"] = ["rest_framework.permissions.IsAuthenticated"]

# --- Language and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "backoffice.formats"
USE_TZ = True

# --- Files ---
PLAIN_FILES = DEBUG or INSECURE_HTTP
STATIC_URL = "static/"
STATIC_ROOT = None if PLAIN_FILES else VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if PLAIN_FILES:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = PLAIN_FILES

# --- Signing in, cookies and headers ---
AUTH_USER_MODEL = "accounts.User"
# One door for staff and portal, so that its limits on attempts hold for everybody.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "backoffice.sign_in.Door"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An address is proved by the invitation or the new password that was mailed to it.
ACCOUNT_EMAIL_VERIFICATION = "none"
# A stranger's address is written nothing, so that this site cannot be used to fill mailboxes.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{OPERATOR_NAME}: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# How many proxies of ours stand in front and add to X-Forwarded-For; more than there are would believe a visitor.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 60 * 60  # an hour
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not PLAIN_FILES
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if PLAIN_FILES else env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = true_or_false("HSTS_SUBDOMAINS", default=True)
# Set only behind a proxy that always overwrites this header; otherwise a visitor could claim to have come by TLS.
if true_or_false("TRUST_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Logs: one JSON line for each event, to standard error ---
LOGGING = logs.configuration(env.str("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# The line written at the end of a request or task says all that the one at its start would.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = 10
