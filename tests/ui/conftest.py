import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

from guanxi.conf.settings import TEMPLATE_LOADERS
from guanxi.ui.styleguide.views import context_of


@pytest.fixture(scope="session")
def templates() -> DjangoTemplates:
    """The components alone: no context processor of the pages takes part."""
    return DjangoTemplates(
        {
            "NAME": "components",
            "DIRS": [],
            "APP_DIRS": False,
            "OPTIONS": {
                "loaders": TEMPLATE_LOADERS,
                "string_if_invalid": "",
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                ],
                "builtins": ["guanxi.ui.templatetags.ui", "django.templatetags.i18n"],
            },
        }
    )


@pytest.fixture
def request_of(rf: RequestFactory):
    def make(path: str = "/ui/list/?q=x", **headers: str):
        request = rf.get(path, headers=headers)
        request._messages = CookieStorage(request)
        return request

    return make


@pytest.fixture
def render(templates, request_of):
    def make(name: str, context: dict | None = None, **cookies: str) -> str:
        request = request_of()
        request.COOKIES.update(cookies)
        return templates.get_template(name).render(context or {}, request)

    return make


@pytest.fixture
def show(render, request_of):
    """Renders a page of the style guide."""

    def make(name: str, **cookies: str) -> str:
        return render(f"ui/styleguide/{name}.html", context_of(request_of(), name), **cookies)

    return make
