import sys
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, path

from guanxi.conf.startup import check_rights
from guanxi.ui.web import SIGNED_IN, page


def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@page(SIGNED_IN)
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.fixture
def addresses():
    """A stand-in for the product's addresses."""
    module = ModuleType("stand_in_urls")
    sys.modules[module.__name__] = module
    with override_settings(ROOT_URLCONF=module.__name__):
        yield module
    del sys.modules[module.__name__]
    clear_url_caches()


def test_every_address_of_the_product_registers_its_right():
    assert check_rights() == []


def test_an_address_without_a_right_stops_the_start(addresses):
    addresses.urlpatterns = [path("open/", open_to_all), path("guarded/", guarded)]
    clear_url_caches()
    (error,) = check_rights()
    assert error.id == "guanxi.E010"
    assert "/open/" in error.msg
