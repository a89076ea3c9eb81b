"""All settings of the app. DATABASE_URL says where the data is: postgres://… as script/test-servers gives it, or sqlite:///FILE
with SYNCHRONOUS, NORMAL or FULL."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE = "PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY"


def sqlite(path: str, synchronous: str) -> dict:
    if synchronous not in ("NORMAL", "FULL"):
        raise ValueError("SYNCHRONOUS is NORMAL or FULL")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"init_command": SQLITE.format(synchronous), "transaction_mode": "IMMEDIATE", "timeout": 30},
    }


def postgres(url) -> dict:
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.removeprefix("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": options.pop("port", str(url.port or "")),
        # Whatever else the URL says (sslmode=disable) goes to the driver as it is.
        "OPTIONS": options,
    }


address = urlsplit(os.environ["DATABASE_URL"])
chosen = sqlite(address.path, os.environ["SYNCHRONOUS"]) if address.scheme == "sqlite" else postgres(address)

# Connections are opened once a thread and kept.
DATABASES = {"default": {**chosen, "CONN_MAX_AGE": None}}

# Nothing that the jobs don't need: no sessions, no accounts, no middleware, no rendering as HTML.
SECRET_KEY = "nothing is signed here"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rest_framework", "orders"]
MIDDLEWARE = []
ROOT_URLCONF = "orders.urls"
WSGI_APPLICATION = "orders.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
