"""Addresses of the style guide; included by the project in debug only."""

from django.urls import path

from guanxi.ui.styleguide.views import show

urlpatterns = [
    path("", show, name="styleguide"),
    path("<slug:name>/", show, name="styleguide_page"),
]
