"""Addresses of import and export."""

from django.urls import path

from guanxi.exchange import exports, views, wizard

PAGES = (
    path("import/", views.home_page),
    path("import/<int:import_id>/", views.show_page),
    path("import/<int:import_id>/progress/", views.progress_page),
    path("import/<int:import_id>/mapping/", wizard.mapping_page),
    path("import/<int:import_id>/place/", wizard.place_page),
    path("import/<int:import_id>/trial/", wizard.trial_page),
    path("import/<int:import_id>/start/", views.start_page),
    path("import/<int:import_id>/cancel/", views.cancel_page),
    path("import/<int:import_id>/undo/", views.undo_page),
    path("import/<int:import_id>/also/", views.also_page),
    path("import/<int:import_id>/refused/", views.refused_page),
    path("import/<slug:path>/", wizard.upload_page),
    path("import/<slug:path>/template/", views.template_page),
    path("export/<int:export_id>/", exports.show_page),
    path("export/<slug:path>/", exports.export_page),
)
