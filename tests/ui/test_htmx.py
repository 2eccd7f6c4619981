import json

from django.http import HttpResponse

from guanxi.ui import htmx, notices
from guanxi.ui.notices import Notice

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_an_ordinary_request_gets_the_whole_frame(request_of):
    request = request_of()
    assert not htmx.is_htmx(request)
    assert not htmx.wants_part(request)
    assert htmx.layout(request) == "ui/frame.html"


def test_a_request_for_a_part_gets_the_content_alone(request_of):
    request = request_of(**PARTIAL)
    assert htmx.wants_part(request)
    assert htmx.layout(request) == "ui/fragment.html"


def test_a_request_for_the_whole_body_gets_the_frame(request_of):
    request = request_of(**{"HX-Request": "true", "HX-Request-Type": "full"})
    assert htmx.is_htmx(request)
    assert htmx.layout(request) == "ui/frame.html"


def test_the_dialog_is_known_by_its_target(request_of):
    assert htmx.in_dialog(request_of(**PARTIAL, **{"HX-Target": "div#dialog-body"}))
    assert not htmx.in_dialog(request_of(**PARTIAL, **{"HX-Target": "div#rows"}))
    assert htmx.target_id(request_of(**PARTIAL, **{"HX-Target": "main"})) == ""


def test_going_elsewhere_works_with_and_without_a_script(request_of):
    plain, scripted = htmx.go(request_of(), "/x/"), htmx.go(request_of(**PARTIAL), "/x/")
    assert (plain.status_code, plain["Location"]) == (303, "/x/")
    assert (scripted.status_code, scripted["HX-Redirect"]) == (204, "/x/")


def test_events_on_one_response_add_up():
    response = htmx.trigger(HttpResponse(), "moved", id=7)
    notices.tell_now(response, Notice("已移动", undo="/undo/7/"))
    events = json.loads(response["HX-Trigger"])
    assert events["moved"] == {"id": 7}
    assert events["toast"]["text"] == "已移动"
    assert events["toast"]["undo"] == "/undo/7/"


def test_a_notice_keeps_its_undo_until_the_next_page(request_of):
    request = request_of()
    notices.tell(request, "已失效 12 个客户", undo="/changes/a b:c/?x=1&y=2", url="/list/")
    (message,) = request._messages
    assert notices.notice_of(message) == Notice(
        "已失效 12 个客户", "success", "/changes/a b:c/?x=1&y=2", "/list/"
    )


def test_a_message_of_another_library_is_a_notice_too(request_of):
    request = request_of()
    request._messages.add(40, "Wrong password", "")
    (message,) = request._messages
    assert notices.notice_of(message) == Notice("Wrong password", "error")
