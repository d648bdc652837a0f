# SPDX-License-Identifier: Apache-2.0
"""Routes of the therapy room."""
from __future__ import annotations

from django.urls import path

from openinfusion.therapy.web import views

app_name = "therapy"
urlpatterns = [
    path("<uuid:therapy_id>/", views.therapy, name="therapy"),
    path("<uuid:therapy_id>/transcribe/", views.transcribe, name="transcribe"),
    path("<uuid:therapy_id>/transcription/", views.transcription, name="transcription"),
    path("<uuid:therapy_id>/plan/", views.plan_write, name="plan_write"),
    path("<uuid:therapy_id>/plan/<uuid:plan_id>/send/", views.plan_send, name="plan_send"),
    path("<uuid:therapy_id>/plan/<uuid:plan_id>/sign/", views.plan_sign, name="plan_sign"),
    path("<uuid:therapy_id>/plan/<uuid:plan_id>/chase/", views.plan_chase, name="plan_chase"),
    path("<uuid:therapy_id>/plan/<uuid:plan_id>/supersede/", views.plan_supersede, name="plan_supersede"),
    path("<uuid:therapy_id>/step/<slug:step>/", views.therapy_step, name="therapy_step"),
    path("prescriptions/<uuid:prescription_id>/", views.prescription, name="prescription"),
    path("prescriptions/<uuid:prescription_id>/revise/", views.revise, name="revise"),
    path("prescriptions/<uuid:prescription_id>/revision/", views.revision, name="revision"),
    path("prescriptions/<uuid:prescription_id>/step/<slug:step>/", views.prescription_step, name="prescription_step"),
]
