from django.urls import path

from guanxi.notices import choices, forgotten_pages, pages, robot_pages, server_pages

urlpatterns = (
    path("notices/", pages.inbox_page),
    path("notices/bell/", pages.bell_page),
    path("notices/mark/", pages.mark_page),
    path("notices/<int:notice_id>/", pages.open_page),
    path("notices/settings/", choices.settings_page),
    path("notices/mail/", server_pages.mail_page),
    path("notices/log/", server_pages.log_page),
    path("notices/log/<int:message_id>/again/", server_pages.again_page),
    path("notices/robots/", robot_pages.robots_page),
    path("notices/robots/new/", robot_pages.robot_page),
    path("notices/robots/<int:robot_id>/", robot_pages.robot_page),
    path("notices/robots/<int:robot_id>/try/", robot_pages.try_page),
    path("notices/robots/<int:robot_id>/delete/", robot_pages.delete_page),
    path("forgotten/", forgotten_pages.forgotten_page),
    path("forgotten/<str:code>/<str:token>/", forgotten_pages.choose_page),
)
