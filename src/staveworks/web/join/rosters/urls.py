"""Addresses of lists of firms: load, columns, preview, import, result; duplicates and their history."""

from django.urls import path

from staveworks.web.join.rosters import views_duplicates, views_import, views_lists, views_merges

urlpatterns = [
    path("", views_lists.index, name="rosters"),
    path("upload/", views_lists.upload, name="roster_upload"),
    path("duplicates/", views_duplicates.queue, name="duplicates"),
    path("duplicates/<uuid:pair>/decide/", views_duplicates.decide, name="duplicate_decide"),
    path("decisions/", views_duplicates.history, name="decisions"),
    path("decisions/<uuid:decision>/undo/", views_duplicates.undo, name="decision_undo"),
    path("merges/<uuid:row>/", views_merges.merge, name="roster_merge"),
    path("merges/<uuid:row>/apart/", views_merges.part, name="roster_part"),
    path("<uuid:roster>/", views_lists.detail, name="roster"),
    path("<uuid:roster>/columns/", views_import.columns, name="roster_columns"),
    path("<uuid:roster>/preview/", views_import.preview, name="roster_preview"),
    path("<uuid:roster>/start/", views_import.start, name="roster_start"),
    path("<uuid:roster>/stop/", views_import.stop, name="roster_stop"),
    path("<uuid:roster>/progress/", views_import.progress, name="roster_progress"),
    path("<uuid:roster>/discard/", views_import.discard, name="roster_discard"),
    path("<uuid:roster>/corrections.xlsx", views_lists.corrections, name="roster_corrections"),
    path("<uuid:roster>/rows.xlsx", views_lists.rows_workbook, name="roster_rows_workbook"),
]
