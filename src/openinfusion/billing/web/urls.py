# SPDX-License-Identifier: Apache-2.0
"""Routes of billing."""
from __future__ import annotations

from django.urls import path

from openinfusion.billing.web import account_views as accounts
from openinfusion.billing.web import cash_views as cash
from openinfusion.billing.web import views

app_name = "billing"
urlpatterns = [
    path("", views.claims, name="claims"),
    path("claims.csv", views.claims_table, name="claims_table"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
    path("claims/<uuid:claim_id>/check/", views.check, name="check"),
    path("claims/<uuid:claim_id>/patient-payment/", views.patient_payment, name="patient_payment"),
    path("claims/<uuid:claim_id>/lines/<uuid:line_id>/", views.correct, name="correct"),
    path("claims/<uuid:claim_id>/money/", accounts.claim_money, name="claim_money"),
    path("claims/<uuid:claim_id>/write-off/", accounts.write_off_ask, name="write_off_ask"),
    path("claims/<uuid:claim_id>/refund/", accounts.refund_ask, name="refund_ask"),
    path("claims/<uuid:claim_id>/<slug:step>/", views.step, name="step"),
    path("remittances/", views.remittances, name="remittances"),
    path("remittances/<uuid:remittance_id>/", views.remittance, name="remittance"),
    path("remittances/<uuid:remittance_id>/claims/<uuid:remitted_id>/", views.resolve, name="resolve"),
    path("remittances/<uuid:remittance_id>/claims/<uuid:remitted_id>/park/", cash.park, name="park"),
    path("denials/", cash.denials, name="denials"),
    path("denials.csv", cash.denials_table, name="denials_table"),
    path("denials/<uuid:denial_id>/", cash.denial, name="denial"),
    path("denials/<uuid:denial_id>/appeal-packet/", cash.appeal_prepare, name="appeal_prepare"),
    path("denials/<uuid:denial_id>/<slug:step>/", cash.denial_step, name="denial_step"),
    path("appeals/<uuid:appeal_id>/packet.pdf", cash.appeal_packet, name="appeal_packet"),
    path("underpayments/", cash.underpayments, name="underpayments"),
    path("underpayments.csv", cash.underpayments_table, name="underpayments_table"),
    path("underpayments/<uuid:underpayment_id>/<slug:step>/", cash.underpayment_step, name="underpayment_step"),
    path("deposits/", cash.deposits, name="deposits"),
    path("deposits.csv", cash.deposits_table, name="deposits_table"),
    path("deposits/add/", cash.deposit_add, name="deposit_add"),
    path("deposits/import/", cash.deposit_import, name="deposit_import"),
    path("deposits/<uuid:deposit_id>/match/", cash.deposit_match, name="deposit_match"),
    path("deposits/<uuid:deposit_id>/explain/", cash.deposit_explain, name="deposit_explain"),
    path("adjustments/", accounts.adjustments, name="adjustments"),
    path("adjustments.csv", accounts.adjustments_table, name="adjustments_table"),
    path("write-offs/<uuid:write_off_id>/<slug:step>/", accounts.write_off_step, name="write_off_step"),
    path("refunds/<uuid:refund_id>/<slug:step>/", accounts.refund_step, name="refund_step"),
    path("patients/", accounts.patient_accounts, name="patient_accounts"),
    path("patients.csv", accounts.patients_table, name="patients_table"),
    path("patients/<uuid:patient_id>/", accounts.patient_account, name="patient_account"),
    path("patients/<uuid:patient_id>/transfer/", accounts.patient_transfer, name="patient_transfer"),
    path("patients/<uuid:patient_id>/statement/", accounts.statement_make, name="statement_make"),
    path("patients/<uuid:patient_id>/payment/", accounts.patient_pays, name="patient_pays"),
    path("patients/<uuid:patient_id>/plan/", accounts.plan_agree, name="plan_agree"),
    path("statements/<uuid:statement_id>.pdf", accounts.statement, name="statement"),
    path("plans/<uuid:plan_id>/<slug:step>/", accounts.plan_step, name="plan_step"),
    path("months/", accounts.periods, name="periods"),
    path("months/take-up/", accounts.period_open, name="period_open"),
    path("months/<uuid:period_id>/", accounts.period, name="period"),
    path("months/<uuid:period_id>/margins.csv", accounts.period_table, name="period_table"),
    path("months/<uuid:period_id>/explain/", accounts.period_explain, name="period_explain"),
    path("months/<uuid:period_id>/<slug:step>/", accounts.period_step, name="period_step"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger.csv", views.ledger_table, name="ledger_table"),
]
