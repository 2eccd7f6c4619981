from django.utils.translation import gettext_lazy as _

from guanxi.jobs.registry import on_end
from guanxi.kernel.registry import Module
from guanxi.notices.events import KINDS, SUBSCRIBERS, job_ended
from guanxi.notices.offers import home
from guanxi.notices.server_pages import menu_entry
from guanxi.notices.urls import urlpatterns

on_end(job_ended)

MODULE = Module(
    name="notices",
    label=_("Notices"),
    subscribers=SUBSCRIBERS,
    notices=KINDS,
    pages=urlpatterns,
    home=(home,),
    menu=(menu_entry,),
)
