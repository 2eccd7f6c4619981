"""Django settings; everything that differs between installations comes from `conf.env`."""

from pathlib import Path

from guanxi.conf.env import read_environment
from guanxi.conf.modules import MODULES

PACKAGE = Path(__file__).resolve().parent.parent
ENV = read_environment()

SECRET_KEY = ENV.secret_key
# Encrypted fields: the first key seals, all of them open (guanxi.kernel.sealing).
FIELD_KEYS = ENV.field_keys
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENV.trusted_origins
DATA_DIR = ENV.data_dir
MEDIA_ROOT = ENV.data_dir / "files"
BACKUP_DIR = ENV.backup_dir
# Where links in mails lead, what sends them while no administrator has set a server, and whether
# robots of groups may live in one's own network (guanxi.notices).
SITE_URL = ENV.site_url
MAIL_SERVER = ENV.mail_server
ROBOTS_PRIVATE = ENV.robots_private or ENV.debug
PASSWORD_RESET_TIMEOUT = 3600

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guanxi.conf",
    "guanxi.kernel",
    "guanxi.people",
    "guanxi.jobs",
    "guanxi.custom",
    "guanxi.search",
    "guanxi.talk",
    "guanxi.signon",
    "guanxi.ui",
    "guanxi.pages",
    "guanxi.exchange",
    "guanxi.access",
    "guanxi.notices",
    "guanxi.backup",
    "guanxi.setup",
    "guanxi.api",
    *MODULES,
    "guanxi.demo",
    # After ours, so that its templates give way.
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "guanxi.ui.security.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guanxi.people.middleware.person_of_request",
    "django.contrib.messages.middleware.MessageMiddleware",
    "guanxi.access.viewing.only_looking",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if ENV.timing:
    MIDDLEWARE.insert(0, "guanxi.conf.timing.timed")

ROOT_URLCONF = "guanxi.conf.urls"
WSGI_APPLICATION = "guanxi.conf.wsgi.application"

TEMPLATE_LOADERS = [
    ("guanxi.ui.loaders.Loader", ["django.template.loaders.app_directories.Loader"])
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": TEMPLATE_LOADERS,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "guanxi.pages.frame.frame",
                "guanxi.notices.offers.before_sign_in",
                "guanxi.access.elsewhere.before_sign_in",
            ],
            "builtins": ["guanxi.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]

# A log of 128 MB is copied back by whoever commits; until then a worker does it (`jobs.checkpoints`).
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
    "PRAGMA wal_autocheckpoint=32000;"
)
if ENV.database["ENGINE"] == "sqlite3":
    DATABASES = {
        "default": {
            "ENGINE": "guanxi.conf.sqlite",
            "NAME": ENV.database["NAME"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": SQLITE_PRAGMAS,
            },
            # In-memory databases know no WAL: tests run on a file, as production does.
            "TEST": {"NAME": str(ENV.data_dir / "test.sqlite3")},
        }
    }
else:
    DATABASES = {
        "default": {
            **ENV.database,
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Only attempts to sign in lie here: shared by all processes, never pushed out by others.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["guanxi.people.signin.AnyNameBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies
ACCOUNT_ADAPTER = "guanxi.people.signin.Adapter"
ACCOUNT_FORMS = {
    "login": "guanxi.people.forms.SignInForm",
    "change_password": "guanxi.people.forms.NewPasswordForm",
    "set_password": "guanxi.people.forms.FirstPasswordForm",
}
# A phone or an e-mail is a way to write the user name: one method, resolved by the backend.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# A whole office may come from one address; guesses at one person are what counts.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "30/m/ip,300/h/ip,5/5m/key",
    "change_password": "10/m/user",
    "reset_password": "30/h/ip,3/h/key",
    # Three codes of a million are right at a time: 50 guesses a day find one in 18 years.
    "second_factor": "5/5m/key,20/h/key,50/d/key",
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone
LOCAL_TIME_ZONE = TIME_ZONE
FORMAT_MODULE_PATH = ["guanxi.conf.formats"]

STATIC_URL = "static/"
STATIC_ROOT = ENV.data_dir / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Long imports are read and written by two processes in turns.
IMPORT_PROCESSES = 2
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "guanxi_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "guanxi.pages.errors.csrf_failed"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"guanxi": {"level": "INFO"}},
}
