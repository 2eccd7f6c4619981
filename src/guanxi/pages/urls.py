"""The pages every object has, at the path its Spec names."""

from django.urls import path

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
    regions,
    search,
    sharing,
    sorting,
    statistics,
    undoing,
)
from guanxi.ui import paths

ONE = f"<{paths.OBJECT}:spec>/<int:record_id>/"
urlpatterns = [
    path("", home.home_page),
    path("menu/", home.menu_page),
    path("search/", search.search_page),
    path("search/suggest/", search.suggest_page),
    path("recycle/", recycle.recycle_page),
    path("regions/steps/", regions.steps_page),
    path("regions/suggest/", regions.suggest_page),
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
