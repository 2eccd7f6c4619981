from django.utils.translation import gettext_lazy as _

from guanxi.demo.pages import menu_entry, urlpatterns
from guanxi.kernel.registry import Module

MODULE = Module(name="demo", label=_("Demo"), pages=tuple(urlpatterns), menu=(menu_entry,))
