from django.urls import path

from guanxi.api import docs, lists, records
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
    path(f"{ONE}/<slug:name>", endpoint(POST=records.act)),
    path("api/v1/<path:rest>", nothing_here),
]
