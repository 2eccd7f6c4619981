from django.urls import path

from guanxi.notices import pages

urlpatterns = (
    path("notices/", pages.inbox_page),
    path("notices/bell/", pages.bell_page),
    path("notices/mark/", pages.mark_page),
    path("notices/<int:notice_id>/", pages.open_page),
)
