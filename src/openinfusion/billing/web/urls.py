# SPDX-License-Identifier: Apache-2.0
"""Routes of billing."""
from __future__ import annotations

from django.urls import path

from openinfusion.billing.web import views, work_views

app_name = "billing"
urlpatterns = [
    path("", views.claims, name="claims"),
    path("claims.csv", views.claims_table, name="claims_table"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
    path("claims/<uuid:claim_id>/check/", views.check, name="check"),
    path("claims/<uuid:claim_id>/record-void/", work_views.voided, name="voided"),
    path("deliveries/<uuid:ticket_id>/charge/", work_views.charge_again, name="charge"),
    path("claims/<uuid:claim_id>/next-payer/", work_views.next_payer, name="next_payer"),
    path("claims/<uuid:claim_id>/count/", work_views.count_again, name="count"),
    path("claims/<uuid:claim_id>/patient-payment/", views.patient_payment, name="patient_payment"),
    path("claims/<uuid:claim_id>/lines/<uuid:line_id>/", views.correct, name="correct"),
    path("claims/<uuid:claim_id>/<slug:step>/", views.step, name="step"),
    path("unbilled/", work_views.unbilled_list, name="unbilled"),
    path("unbilled.csv", work_views.unbilled_table, name="unbilled_table"),
    path("days/<uuid:patient_id>/", work_views.days, name="days"),
    path("days/<uuid:patient_id>/days.csv", work_views.days_table, name="days_table"),
    path("days/<uuid:patient_id>/stays/", work_views.stay_enter, name="stay_enter"),
    path("days/<uuid:patient_id>/stays/<uuid:stay_id>/", work_views.stay_end, name="stay_end"),
    path("remittances/", views.remittances, name="remittances"),
    path("remittances/<uuid:remittance_id>/", views.remittance, name="remittance"),
    path("remittances/<uuid:remittance_id>/claims/<uuid:remitted_id>/", views.resolve, name="resolve"),
    path("denials/", views.denials, name="denials"),
    path("denials.csv", views.denials_table, name="denials_table"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger.csv", views.ledger_table, name="ledger_table"),
]
