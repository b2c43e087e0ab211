"""One settings file; what differs between installations comes from the environment (docs/deploy.md)."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
VAR_DIR = Path(env.str("LINGHANG_VAR", str(BASE_DIR / "var"))).resolve()
env.read_env(str(VAR_DIR / "linghang.env"), recurse=False)

DEMO = env.bool("LINGHANG_DEMO", False)
DEBUG = env.bool("LINGHANG_DEBUG", False)
HTTPS = env.bool("LINGHANG_HTTPS", False)


def secret(name: str) -> str:
    """A secret from the environment, or from its file under var/keys, which `init` and `demo` create."""
    file = VAR_DIR / "keys" / name.lower()
    value = env.str(f"LINGHANG_{name}", "") or (file.read_text().strip() if file.exists() else "")
    if not value:
        words = f"缺少密钥 {name}（{file}）：新装请先运行 ./run.sh init；已有数据请从备份恢复这个文件，或设置环境变量 LINGHANG_{name}。"
        raise ImproperlyConfigured(words)
    return value


SECRET_KEY = secret("SECRET_KEY")
IDENTITY_KEY = secret("IDENTITY_KEY")
KEEP_IDENTITY = env.bool("LINGHANG_KEEP_IDENTITY", False)

ALLOWED_HOSTS = env.list("LINGHANG_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("LINGHANG_ORIGINS", [])

INSTALLED_APPS = [
    "linghang.ui",
    "linghang.kernel",
    "linghang.org",
    "linghang.dispatch",
    "linghang.activities",
    "linghang.planning",
    "linghang.decisions",
    "linghang.inspections",
    "linghang.policies",
    "linghang.compliance",
    "linghang.assessment",
    "linghang.desk",
    "linghang.blueprints",
    "linghang.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "tablericons",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("linghang.") or (BASE_DIR / app.replace(".", "/")).exists()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linghang.ui.whole_pages.WholePages",
    "linghang.org.middleware.IdleTimeout",
    "linghang.org.middleware.CurrentPerson",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "linghang.urls"
WSGI_APPLICATION = "linghang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # Cotton and template-partials each replace the loaders; written once by hand they live together.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "linghang.ui.context.frame",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "tablericons.templatetags.tablericons",
                "linghang.ui.templatetags.house",
            ],
        },
    }
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'linghang.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time: a transaction takes the write lock when it begins, so two verbs never deadlock.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = ["linghang.org.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "linghang.org.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "linghang.org.passwords.ThreeKinds"},
    {"NAME": "linghang.org.passwords.NotOneself"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "linghang.org.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "linghang.org.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,30/5m/ip", "login": "60/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "领航"
# One step of thirty seconds either way: phones on an intranet drift.
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR = env.bool("LINGHANG_SECOND_FACTOR", not DEMO)
IDLE_MINUTES = env.int("LINGHANG_IDLE_MINUTES", 30)

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
TASKS = {"default": {"BACKEND": env.str("LINGHANG_TASKS", "django_tasks_db.DatabaseBackend")}}

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    ("tabler", BASE_DIR / "node_modules/@tabler/core/dist"),
    ("echarts", BASE_DIR / "node_modules/echarts/dist"),
]
STATICFILES_FINDERS = [
    "linghang.ui.packages.Packages",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# A collected file bears its digest in its name, so a browser keeps it for ever and asks again only when it has changed.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("LINGHANG_HASHED_STATIC", not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LINGHANG_LOG", "INFO")},
    # The worker tells every start, and how to force its end, in English on everybody's terminal.
    "loggers": {"django_tasks_db": {"level": "ERROR"}},
}
