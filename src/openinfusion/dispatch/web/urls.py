# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.dispatch.web import branch_views, figures_views, suite_views, travel_views, views

app_name = "dispatch"
urlpatterns = [
    path("", views.board, name="board"),
    path("plan/", views.plan_day, name="plan_day"),
    path("branches/", branch_views.branches, name="branches"),
    path("branches/ask/", branch_views.branches_ask, name="branches_ask"),
    path("ways/", travel_views.travel, name="travel"),
    path("ways/ways.csv", travel_views.travel_csv, name="travel_csv"),
    path("ways/<uuid:site_id>/set/", travel_views.travel_set, name="travel_set"),
    path("figures/", figures_views.figures, name="figures"),
    path("figures/<slug:kind>/set/", figures_views.figures_set, name="figures_set"),
    path("suite/", suite_views.suite, name="suite"),
    path("suite/plan/", suite_views.suite_ask, name="suite_ask"),
    path("suite/<uuid:plan_id>/", suite_views.suite_plan, name="suite_plan"),
    path("suite/<uuid:plan_id>/plan.csv", suite_views.suite_plan_csv, name="suite_plan_csv"),
    path("suite/<uuid:plan_id>/why/", suite_views.seat_why, name="seat_why"),
    path("suite/<uuid:plan_id>/<slug:step>/", suite_views.suite_step, name="suite_step"),
    path("<uuid:plan_id>/", views.day_plan, name="day_plan"),
    path("<uuid:plan_id>/plan.csv", views.day_plan_csv, name="day_plan_csv"),
    path("<uuid:plan_id>/change/", views.change, name="change"),
    path("<uuid:plan_id>/why/", views.why, name="why"),
    path("<uuid:plan_id>/<slug:step>/", views.step, name="step"),
]
