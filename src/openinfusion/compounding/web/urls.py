# SPDX-License-Identifier: Apache-2.0
"""Routes of the compounding room."""
from __future__ import annotations

from django.urls import path

from openinfusion.compounding.web import day_views, hood_plan_views, hood_views, turn_pages, views

app_name = "compounding"
urlpatterns = [
    path("", views.bench, name="bench"),
    path("plan/<uuid:prescription_id>/", views.plan, name="plan"),
    path("captures/<uuid:capture_id>/confirm/<uuid:work_order_id>/", views.capture_confirm, name="capture_confirm"),
    path("hoods/<uuid:turn_id>/<slug:step>/", turn_pages.turn_step, name="turn_step"),
    path("day/", day_views.day, name="day"),
    path("hood-plans/", hood_plan_views.board, name="hood_plans"),
    path("hood-plans/ask/", hood_plan_views.ask, name="hood_plan_ask"),
    path("hood-plans/<uuid:plan_id>/", hood_plan_views.hood_plan, name="hood_plan"),
    path("hood-plans/<uuid:plan_id>/again/", hood_plan_views.again, name="hood_plan_again"),
    path("hood-plans/<uuid:plan_id>/<slug:step>/", hood_plan_views.step, name="hood_plan_step"),
    path("opened/", hood_views.opened, name="opened"),
    path("opened/<uuid:opened_id>/waste/", hood_views.opened_waste, name="opened_waste"),
    path("waste/<uuid:waste_id>/witness/<uuid:work_order_id>/", hood_views.waste_witness, name="waste_witness"),
    path("<uuid:work_order_id>/hood/", hood_views.hood, name="hood"),
    path("<uuid:work_order_id>/look/", hood_views.look, name="look"),
    path("<uuid:work_order_id>/look/<int:place>/<slug:answer>/", hood_views.look_give, name="look_give"),
    path("<uuid:work_order_id>/record/", hood_views.record, name="record"),
    path("<uuid:work_order_id>/pump/", hood_views.pump_in, name="pump_in"),
    path("<uuid:work_order_id>/pump/<int:bag>/", hood_views.pump_out, name="pump_out"),
    path("<uuid:work_order_id>/record/pdf/", hood_views.record_pdf, name="record_pdf"),
    path("<uuid:work_order_id>/record/photos/<uuid:file_id>/", hood_views.photo, name="photo"),
    path("<uuid:work_order_id>/reports/<uuid:report_id>/<slug:step>/", hood_views.report_step, name="report_step"),
    path("<uuid:work_order_id>/", views.work_order, name="work_order"),
    path("<uuid:work_order_id>/scan/", views.scan, name="scan"),
    path("<uuid:work_order_id>/allocate/", views.allocate, name="allocate"),
    path("<uuid:work_order_id>/owner/", views.owner, name="owner"),
    path("<uuid:work_order_id>/label/", views.label, name="label"),
    path("<uuid:work_order_id>/label/print/", views.label_print, name="label_print"),
    path("<uuid:work_order_id>/step/<slug:step>/", views.work_order_step, name="work_order_step"),
]
