# SPDX-License-Identifier: Apache-2.0
"""Routes of the compounding room."""
from __future__ import annotations

from django.urls import path

from openinfusion.compounding.web import views

app_name = "compounding"
urlpatterns = [
    path("", views.bench, name="bench"),
    path("plan/<uuid:prescription_id>/", views.plan, name="plan"),
    path("captures/<uuid:capture_id>/confirm/<uuid:work_order_id>/", views.capture_confirm, name="capture_confirm"),
    path("<uuid:work_order_id>/", views.work_order, name="work_order"),
    path("<uuid:work_order_id>/scan/", views.scan, name="scan"),
    path("<uuid:work_order_id>/allocate/", views.allocate, name="allocate"),
    path("<uuid:work_order_id>/label/", views.label, name="label"),
    path("<uuid:work_order_id>/label/print/", views.label_print, name="label_print"),
    path("<uuid:work_order_id>/step/<slug:step>/", views.work_order_step, name="work_order_step"),
]
