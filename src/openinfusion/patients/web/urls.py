# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.patients.web import views

app_name = "patients"
urlpatterns = [
    path("", views.patient_list, name="list"),
    path("new/", views.new, name="new"),
    path("register/", views.register, name="register"),
    path("<uuid:patient_id>/", views.patient, name="patient"),
    path("<uuid:patient_id>/demographics/", views.demographics, name="demographics"),
    path("<uuid:patient_id>/place/", views.place, name="place"),
    path("<uuid:patient_id>/record/<slug:what>/", views.record, name="record"),
    path("<uuid:patient_id>/error/<slug:kind>/<uuid:entry_id>/", views.in_error, name="in_error"),
    path("<uuid:patient_id>/matches/<uuid:match_id>/", views.match_decide, name="match_decide"),
    path("<uuid:patient_id>/lines/<uuid:line_id>/remove/", views.line_remove, name="line_remove"),
    path("<uuid:patient_id>/medications/<uuid:medication_id>/stop/", views.medication_stop, name="medication_stop"),
]
