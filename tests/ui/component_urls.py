"""The style guide alone, with suggestions where the search box asks for them."""

from django.urls import include, path

from guanxi.ui.styleguide.views import show

urlpatterns = [
    path("ui/", include("guanxi.ui.styleguide.urls")),
    path("search/suggest/", show, {"name": "suggest"}),
]
