from django.utils.translation import gettext_lazy as _

from guanxi.backup.pages import menu_entry, urlpatterns
from guanxi.kernel.registry import Module

MODULE = Module(name="backup", label=_("Backup"), pages=tuple(urlpatterns), menu=(menu_entry,))
