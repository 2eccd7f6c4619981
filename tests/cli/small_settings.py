"""Just enough of Django for the supervisor's tests: they start real processes many times."""

from guanxi.conf.env import read_environment

ENV = read_environment()
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["guanxi.kernel", "guanxi.jobs", "small_app"]
ROOT_URLCONF = "small_urls"
if ENV.database["ENGINE"] == "postgresql":
    DATABASES = {"default": {**ENV.database, "ENGINE": "django.db.backends.postgresql"}}
else:
    DATABASES = {
        "default": {
            "ENGINE": "guanxi.conf.sqlite",
            "NAME": ENV.database["NAME"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL",
            },
        }
    }
USE_TZ = True
LOCAL_TIME_ZONE = "Asia/Shanghai"
