# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.quality.web import views

app_name = "quality"
urlpatterns = [
    path("", views.board, name="board"),
    path("incidents.csv", views.board_csv, name="board_csv"),
    path("open/", views.open_form, name="open_form"),
    path("open/record/", views.open_record, name="open_record"),
    path("due/", views.due, name="due"),
    path("due.csv", views.due_csv, name="due_csv"),
    path("<uuid:incident_id>/", views.incident, name="incident"),
    path("<uuid:incident_id>/affected.csv", views.affected_csv, name="affected_csv"),
    path("<uuid:incident_id>/own/", views.own, name="own"),
    path("<uuid:incident_id>/cause/", views.cause, name="cause"),
    path("<uuid:incident_id>/act/", views.act, name="act"),
    path("<uuid:incident_id>/<slug:step>/", views.step, name="step"),
    path("actions/<uuid:action_id>/done/", views.done, name="done"),
]
