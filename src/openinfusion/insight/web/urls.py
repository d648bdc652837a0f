# SPDX-License-Identifier: Apache-2.0
"""Routes of insight."""
from __future__ import annotations

from django.urls import path

from openinfusion.insight.web import views

app_name = "insight"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("therapies/<uuid:therapy_id>/", views.therapy_margin, name="margin"),
    path("<slug:key>/", views.one_measure, name="measure"),
    path("<slug:key>/rows.csv", views.measure_table, name="table"),
]
