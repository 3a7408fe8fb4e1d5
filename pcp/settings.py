"""One settings file. Everything that differs between places comes from eight environment variables:

DEBUG, SECRET_KEY, ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, DATABASE_URL, REDIS_URL, EMAIL_URL, PCP_DEMO.

With none of them set, the site runs on SQLite and a filesystem broker under ``var/``, in debug. ``manage.py check --deploy``
(pcp/checks.py) refuses every missing or weak part of a production set.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"


def env_flag(name, default):
    """Read a yes-or-no environment variable; anything else is refused so that a typing error is heard."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", None):
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_list(name):
    """Read a comma-separated environment variable as a list without blanks."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


DEV_SECRET_KEY = "only-for-development-and-tests-never-for-a-real-site"  # noqa: S105
DEMO = env_flag("PCP_DEMO", default=False)
DEBUG = env_flag("DEBUG", default=not DEMO)  # a demonstration shows errors as production does
SECRET_KEY = os.environ.get("SECRET_KEY") or (DEV_SECRET_KEY if DEBUG or DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random value, or DEBUG=1 on your own machine.")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG or DEMO else [])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "pcp",
    "clusters",
    "mentors",
    "surveys",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pcp.middleware.no_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clusters.middleware.AccessMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "pcp.urls"
WSGI_APPLICATION = "pcp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clusters.context_processors.site",
            ],
            "builtins": ["pcp.templatetags.ui"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'pcp.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if EMBEDDED_DATABASE:
    # WAL lets readers go on while one writer writes; immediate transactions wait for their turn instead of failing half-way.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        timeout=20,
        transaction_mode="IMMEDIATE",
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    )
    VAR.mkdir(exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR / "files"

# --- Cache, broker ------------------------------------------------------------------------------------------------
REDIS_URL = os.environ.get("REDIS_URL", "")
EMBEDDED_BROKER = not REDIS_URL
REDIS_TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 2}  # seconds; a Redis that hangs is as good as none
if EMBEDDED_BROKER:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    BROKER_FOLDER = VAR / "broker"
    for folder in ("queue", "control", "processed"):
        (BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "queue"),
        "data_folder_out": str(BROKER_FOLDER / "queue"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "processed_folder": str(BROKER_FOLDER / "processed"),
        "store_processed": False,
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "pcp.queue.LastingCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": REDIS_TIMEOUTS,
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    # A worker that waits for work asks anew each second (kombu's brpop_timeout), which is less than the timeout of a socket.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600} | REDIS_TIMEOUTS
    # Once more at once: a connection that is kept may be one to a broker that was restarted since. A page does not wait for more.
    CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "resume-stale-reports": {"task": "reports.tasks.resume_stale_reports", "schedule": timedelta(minutes=1)},
    "forget-erased-answers": {"task": "reports.tasks.forget_erased_answers", "schedule": crontab(minute=10)},
    "resume-waiting-registers": {"task": "clusters.tasks.resume_waiting_registers", "schedule": timedelta(minutes=1)},
    "send-kept-letters": {"task": "clusters.tasks.send_kept_letters", "schedule": timedelta(minutes=15)},
    "close-ended-waves": {"task": "surveys.tasks.close_ended_waves", "schedule": crontab(minute=5, hour=0)},
}

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "clusters.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = []  # nobody has a password: people sign in with a code that is e-mailed to them
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "clusters.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
# A school's staff sign in from one address at the same time; the limit for one person's codes is what stops guessing.
ACCOUNT_RATE_LIMITS = {"request_login_code": "60/m/ip,3/m/key,12/h/key"}
ACCOUNT_FORMS = {
    "request_login_code": "clusters.forms.account.SignInForm",
    "confirm_login_code": "clusters.forms.account.CodeForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "clusters.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "clusters.forms.account.AppCodeForm",
    "reauthenticate": "clusters.forms.account.AppCodeAgainForm",
    "activate_totp": "clusters.forms.account.SetUpAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Primary Cluster Programme"
# SSERC roles hold the widest rights, so production asks them for a second factor; a demonstration does not.
MFA_REQUIRED_FOR_SSERC = not DEBUG and not DEMO
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- The programme's own settings ---------------------------------------------------------------------------------
HOURS_PER_UNIT = 5  # one unit of professional learning is about five hours
# "whole_tables", the programme's own rule, or "health_census", that of Scotland's Health and Wellbeing Census (docs/method.md).
DISCLOSURE_RULE = "whole_tables"
# The thresholds of either rule. Numbers of pupils never go below 5 and numbers of schools never below 3: no report is made then.
DISCLOSURE_MINIMUM_CELL = 5  # cells of 1 to 4 pupils are hidden
DISCLOSURE_MINIMUM_BASE = 10  # percentages with fewer than ten answering are hidden
DISCLOSURE_ALIKE_BASE = 20  # that all or none of fewer pupils gave an answer is hidden
DISCLOSURE_GROUP_SCHOOLS = 3  # schools that each rating group needs before anything is shown by rating group
DISCLOSURE_GROUP_PUPILS = 10  # pupils that each rating group needs
DISCLOSURE_PLACE_SCHOOLS = 3  # schools that a cluster or an authority needs for a report of its own
UPLOAD_LIMIT_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Functions of later apps, by dotted name, for what an earlier app must ask without importing them.
REFERENCE_LOADERS = ["surveys.loading.load_reference"]  # each loads its reference data and returns a sentence
# Each says why a wave may not open yet, as a sentence, or None.
WAVE_OPENING_CHECKS = ["reports.opening_checks.why_not_open"]
# Functions (dotted names) that say what waits for a person: (access, person, today) -> DueItems
DUE_ITEMS = [
    "clusters.due.calendar_items",
    "clusters.due.register_items",
    "mentors.due.session_items",
    "mentors.due.grant_items",
    "surveys.due.survey_items",
    "reports.due.evaluation_items",
    "reports.due.sheet_items",
]
REPORT_HEARTBEAT_LIMIT = timedelta(minutes=2)
REPORT_MAX_ATTEMPTS = 3

# --- E-mail -------------------------------------------------------------------------------------------------------
EMAIL_URL = os.environ.get("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = "Primary Cluster Programme <pcp@localhost>"
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    if _mail.scheme not in ("smtp", "smtps", "smtp+tls"):
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587/?from=pcp@example.org")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
    DEFAULT_FROM_EMAIL = parse_qs(_mail.query).get("from", [DEFAULT_FROM_EMAIL])[0]
elif DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Language, time, static files ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["pcp.formats"]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or DEMO
WHITENOISE_MAX_AGE = 3600

# --- Security -----------------------------------------------------------------------------------------------------
PRODUCTION = not DEBUG and not DEMO
SECURE_SSL_REDIRECT = PRODUCTION
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0  # the rate limits must see the visitor's address, not the proxy's
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 63072000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "pcp.errors.csrf_failure"
SILENCED_SYSTEM_CHECKS = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"links": {"()": "pcp.logs.WithoutOpeningAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own two are named so that they write through our handler, and not past its filter.
    "loggers": {
        # It warns at every start that the broker of files has no host name.
        "kombu.connection": {"level": "ERROR"},
        "django": {"level": "WARNING"},
        "django.server": {"level": "INFO", "handlers": ["console"], "propagate": False},
        "pcp": {"level": "INFO"},
        "reports": {"level": "INFO"},
        "surveys": {"level": "INFO"},
    },
}
