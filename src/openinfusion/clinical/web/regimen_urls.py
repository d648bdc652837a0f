# SPDX-License-Identifier: Apache-2.0
"""Routes of patients' regimens."""

from __future__ import annotations

from django.urls import path

from openinfusion.clinical.web import regimen_views as views

_CYCLE = "regimens/<uuid:course_id>/cycles/<uuid:cycle_id>/"

urlpatterns = [
    path("regimens/therapies/<uuid:therapy_id>/", views.courses, name="regimens"),
    path("regimens/therapies/<uuid:therapy_id>/start/", views.start, name="regimen_start"),
    path("regimens/<uuid:course_id>/", views.course, name="regimen"),
    path("regimens/<uuid:course_id>/exposure/", views.exposure, name="regimen_exposure"),
    path("regimens/<uuid:course_id>/<slug:step>/", views.course_step, name="regimen_step"),
    path(f"{_CYCLE}clear/", views.cycle_clear, name="cycle_clear"),
    path(f"{_CYCLE}delay/", views.cycle_delay, name="cycle_delay"),
    path(f"{_CYCLE}reduce/", views.cycle_reduce, name="cycle_reduce"),
    path(f"{_CYCLE}give/", views.cycle_give, name="cycle_give"),
    path(f"{_CYCLE}days/<int:day>/clear/", views.cycle_day_clear, name="cycle_day_clear"),
    path(f"{_CYCLE}days/<int:day>/<slug:step>/", views.cycle_day_step, name="cycle_day_step"),
    path(f"{_CYCLE}lines/<int:number>/order/", views.cycle_order, name="cycle_order"),
    path(f"{_CYCLE}lines/<int:number>/join/", views.cycle_join, name="cycle_join"),
    path(f"{_CYCLE}<slug:step>/", views.cycle_step, name="cycle_step"),
]
