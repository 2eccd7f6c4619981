from django.urls import path

from guanxi.api import beside, docs, history, lists, records
from guanxi.api.door import endpoint, nothing_here
from guanxi.ui import paths

ALL = f"api/v1/<{paths.OBJECT}:spec>"
ONE = f"{ALL}/<int:record_id>"

urlpatterns = [
    path("api/docs/", docs.docs_page, name="api_docs"),
    path(f"api/docs/<{paths.OBJECT}:spec>/", docs.object_page),
    path("api/v1/", endpoint(GET=lists.index)),
    path("api/v1/openapi.json", docs.openapi),
    path("api/v1/me", endpoint(GET=lists.me)),
    path("api/v1/uploads", endpoint(POST=records.upload)),
    path(ALL, endpoint(GET=lists.list_records, POST=records.create)),
    path(ONE, endpoint(GET=records.show, PATCH=records.patch, DELETE=records.remove)),
    path(f"{ONE}/files/<int:file_id>", endpoint(GET=records.download)),
    path(f"{ONE}/comments", endpoint(GET=beside.list_comments, POST=beside.write_comment)),
    path(
        f"{ONE}/comments/<int:entry_id>",
        endpoint(GET=beside.show_comment, PATCH=beside.edit_comment, DELETE=beside.remove_comment),
    ),
    path(f"{ONE}/attachments", endpoint(GET=beside.list_attachments, POST=beside.attach)),
    path(
        f"{ONE}/attachments/<int:entry_id>",
        endpoint(GET=beside.download, DELETE=beside.remove_attachment),
    ),
    path(f"{ONE}/comments/<int:entry_id>/restore", endpoint(POST=beside.bring_back)),
    path(f"{ONE}/attachments/<int:entry_id>/restore", endpoint(POST=beside.bring_back)),
    path(f"{ONE}/shares", endpoint(GET=beside.list_shares, POST=beside.share)),
    path(f"{ONE}/shares/<int:person_id>", endpoint(DELETE=beside.unshare)),
    path(f"{ONE}/changes", endpoint(GET=history.list_changes)),
    path(f"{ONE}/changes/<int:change_id>/undo", endpoint(POST=history.undo)),
    path(f"{ONE}/<slug:name>", endpoint(POST=records.act)),
    path("api/v1/<path:rest>", nothing_here),
]
