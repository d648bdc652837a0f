# SPDX-License-Identifier: Apache-2.0
"""Routes of billing."""
from __future__ import annotations

from django.urls import path

from openinfusion.billing.web import views

app_name = "billing"
urlpatterns = [
    path("", views.claims, name="claims"),
    path("claims.csv", views.claims_table, name="claims_table"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
    path("claims/<uuid:claim_id>/check/", views.check, name="check"),
    path("claims/<uuid:claim_id>/patient-payment/", views.patient_payment, name="patient_payment"),
    path("claims/<uuid:claim_id>/lines/<uuid:line_id>/", views.correct, name="correct"),
    path("claims/<uuid:claim_id>/<slug:step>/", views.step, name="step"),
    path("remittances/", views.remittances, name="remittances"),
    path("remittances/<uuid:remittance_id>/", views.remittance, name="remittance"),
    path("remittances/<uuid:remittance_id>/claims/<uuid:remitted_id>/", views.resolve, name="resolve"),
    path("denials/", views.denials, name="denials"),
    path("denials.csv", views.denials_table, name="denials_table"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger.csv", views.ledger_table, name="ledger_table"),
]
