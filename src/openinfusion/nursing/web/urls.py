# SPDX-License-Identifier: Apache-2.0
"""Routes of nursing."""
from __future__ import annotations

from django.urls import path

from openinfusion.nursing.web import views

app_name = "nursing"
urlpatterns = [
    path("", views.visits, name="visits"),
    path("table.csv", views.visits_table, name="table"),
    path("visits/<uuid:visit_id>/", views.visit, name="visit"),
    path("visits/<uuid:visit_id>/offer/", views.offer, name="offer"),
    path("visits/<uuid:visit_id>/record/<slug:part>/", views.record, name="record"),
    path("visits/<uuid:visit_id>/<slug:step>/", views.step, name="step"),
    path("therapies/<uuid:therapy_id>/request/", views.visit_request, name="request"),
]
