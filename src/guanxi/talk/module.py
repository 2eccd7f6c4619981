from django.utils.translation import gettext_lazy as _

from guanxi.kernel.registry import Module

MODULE = Module(name="talk", label=_("Comments and attachments"))
