"""All settings of the app. DATABASE_URL, as script/test-servers gives it, says where the data is."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

url = urlsplit(os.environ["DATABASE_URL"])
options = dict(parse_qsl(url.query))

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.removeprefix("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": options.pop("port", str(url.port or "")),
        # Opened once a thread and kept. Whatever else the URL says (sslmode=disable) goes to the driver as it is.
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
    }
}

# Nothing that the three jobs don't need: no sessions, no accounts, no middleware, no rendering as HTML.
SECRET_KEY = "nothing is signed here"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rest_framework", "orders"]
MIDDLEWARE = []
ROOT_URLCONF = "orders.urls"
WSGI_APPLICATION = "orders.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
