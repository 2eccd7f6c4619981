from django.utils.translation import gettext_lazy as _

from guanxi.api.urls import urlpatterns
from guanxi.kernel.registry import Module

MODULE = Module(name="api", label=_("Programming interface"), pages=tuple(urlpatterns))
