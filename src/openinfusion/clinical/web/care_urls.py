# SPDX-License-Identifier: Apache-2.0
"""Routes of monitoring, outcomes, a patient's clinical pages and calls."""

from __future__ import annotations

from django.urls import path

from openinfusion.clinical.web import care_views as views

urlpatterns = [
    path("monitoring/", views.monitoring, name="monitoring"),
    path("monitoring/<uuid:monitoring_id>/<slug:step>/", views.monitoring_step, name="monitoring_step"),
    path("outcomes/", views.outcomes, name="outcomes"),
    path("outcomes.csv", views.outcomes_csv, name="outcomes_csv"),
    path("patients/<uuid:patient_id>/", views.care, name="care"),
    path("patients/<uuid:patient_id>/trends/", views.trends, name="trends"),
    path("patients/<uuid:patient_id>/report/", views.lab_report, name="lab_report"),
    path("patients/<uuid:patient_id>/report/enter/", views.lab_report_enter, name="lab_report_enter"),
    path("patients/<uuid:patient_id>/results/accept/", views.results_accept, name="results_accept"),
    path("patients/<uuid:patient_id>/add/<slug:kind>/", views.care_add, name="care_add"),
    path("entries/<slug:kind>/<uuid:entry_id>/error/", views.care_error, name="care_error"),
    path("entries/<slug:kind>/<uuid:entry_id>/<slug:step>/", views.care_step, name="care_step"),
    path("calls/", views.calls, name="calls"),
    path("calls/new/", views.call_new, name="call_new"),
    path("calls/log/", views.call_log, name="call_log"),
    path("calls/<uuid:call_id>/", views.call, name="call"),
    path("calls/<uuid:call_id>/<slug:step>/", views.call_step, name="call_step"),
]
