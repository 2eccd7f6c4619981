"""The pages every object has, at the path its Spec names."""

from django.urls import path, register_converter

from guanxi.kernel import registry
from guanxi.kernel.spec import Spec
from guanxi.pages import (
    acts,
    boards,
    bulk,
    files,
    forms,
    home,
    lists,
    pickers,
    records,
    recycle,
    search,
    sharing,
    sorting,
    statistics,
    undoing,
)


class ObjectPath:
    """The path of a registered object, such as `customers`."""

    regex = "[a-z][a-z-]*"

    def to_python(self, value: str) -> Spec:
        spec = registry.by_path(value)
        if spec is None:
            raise ValueError(value)
        return spec

    def to_url(self, value: Spec) -> str:
        return value.path


register_converter(ObjectPath, "object")

ONE = "<object:spec>/<int:record_id>/"
urlpatterns = [
    path("", home.home_page),
    path("menu/", home.menu_page),
    path("search/", search.search_page),
    path("search/suggest/", search.suggest_page),
    path("recycle/", recycle.recycle_page),
    path("undo/change/<int:change_id>/", undoing.undo_change_page),
    path("undo/batch/<int:batch_id>/", undoing.undo_batch_page),
    path("<object:spec>/", lists.list_page),
    path("<object:spec>/total/", lists.total_page),
    path("<object:spec>/columns/", lists.columns_page),
    path("<object:spec>/new/", forms.new_page),
    path("<object:spec>/board/", boards.board_page),
    path("<object:spec>/statistics/", statistics.statistics_page),
    path("<object:spec>/sort/", sorting.sort_page),
    path("<object:spec>/pick/", pickers.pick_page),
    path("<object:spec>/suggest/", pickers.suggest_page),
    path("<object:spec>/bulk/<slug:act>/", bulk.bulk_page),
    path(ONE, records.record_page),
    path(f"{ONE}edit/", forms.edit_page),
    path(f"{ONE}timeline/", records.timeline_page),
    path(f"{ONE}field/<slug:name>/", acts.field_page),
    path(f"{ONE}file/<int:file_id>/", files.file_page),
    path(f"{ONE}stage/", acts.stage_page),
    path(f"{ONE}move/", boards.move_page),
    path(f"{ONE}invalidate/", acts.invalidate_page),
    path(f"{ONE}restore/", acts.restore_page),
    path(f"{ONE}delete/", acts.delete_page),
    path(f"{ONE}transfer/", acts.transfer_page),
    path(f"{ONE}share/", sharing.share_page),
    path(f"{ONE}<slug:name>/", acts.rule_page),
]
