# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.dispatch.web import views

app_name = "dispatch"
urlpatterns = [
    path("", views.board, name="board"),
    path("plan/", views.plan_day, name="plan_day"),
    path("<uuid:plan_id>/", views.day_plan, name="day_plan"),
    path("<uuid:plan_id>/plan.csv", views.day_plan_csv, name="day_plan_csv"),
    path("<uuid:plan_id>/change/", views.change, name="change"),
    path("<uuid:plan_id>/why/", views.why, name="why"),
    path("<uuid:plan_id>/<slug:step>/", views.step, name="step"),
]
