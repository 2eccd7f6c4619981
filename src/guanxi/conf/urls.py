"""Addresses: sign-in, each package's hand-made pages, then the pages every object has."""

from django.urls import include, path

from guanxi.kernel import registry

urlpatterns = [
    path("accounts/", include("guanxi.people.signin_urls")),
    *(path("", include(list(module.pages))) for module in registry.modules() if module.pages),
    path("", include("guanxi.pages.urls")),
]
handler400 = "guanxi.pages.errors.bad_request"
handler403 = "guanxi.pages.errors.not_allowed"
handler404 = "guanxi.pages.errors.not_found"
handler500 = "guanxi.pages.errors.server_error"
