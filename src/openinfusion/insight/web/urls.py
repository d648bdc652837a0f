# SPDX-License-Identifier: Apache-2.0
"""Routes of insight."""
from __future__ import annotations

from django.urls import path

from openinfusion.insight.web import revenue_views, views

app_name = "insight"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("therapies/<uuid:therapy_id>/", views.therapy_margin, name="margin"),
    path("revenue/", revenue_views.revenue, name="revenue"),
    path("revenue/<slug:key>/", revenue_views.one, name="revenue_measure"),
    path("revenue/<slug:key>/rows.csv", revenue_views.table, name="revenue_table"),
    path("<slug:key>/", views.one_measure, name="measure"),
    path("<slug:key>/rows.csv", views.measure_table, name="table"),
]
