# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.exchange.web import inbox_views, inspection_views, outbox_views, question_views, views, x12_views

app_name = "exchange"
urlpatterns = [
    path("authorizations/<uuid:authorization_id>/", question_views.authorization, name="authorization"),
    path("authorizations/<uuid:authorization_id>/answer/", question_views.authorization_answer, name="authorization_answer"),
    path(
        "authorizations/<uuid:authorization_id>/send/<slug:form>/", question_views.authorization_send, name="authorization_send"
    ),
    path("eligibility/<uuid:referral_id>/", question_views.eligibility, name="eligibility"),
    path("eligibility/<uuid:referral_id>/ask/", question_views.eligibility_ask, name="eligibility_ask"),
    path("eligibility/<uuid:referral_id>/answer/", question_views.eligibility_answer, name="eligibility_answer"),
    path("fhir/", views.fhir, name="fhir"),
    path("fhir/receive/", views.fhir_receive, name="fhir_receive"),
    path("claim-files/", x12_views.files, name="claim_files"),
    path("claim-files/send/", x12_views.send, name="send"),
    path("claims/<uuid:claim_id>/standing/", x12_views.ask, name="ask"),
    path("claims/<uuid:claim_id>/paper.pdf", x12_views.paper, name="paper"),
    path("claim-files/<uuid:claim_file_id>/", x12_views.claim_file, name="claim_file"),
    path("remittance/", x12_views.receive, name="receive"),
    path("remittance/receive/", x12_views.receive_file, name="receive_file"),
    path("outbox/", outbox_views.outbox, name="outbox"),
    path("outbox.csv", outbox_views.outbox_csv, name="outbox_csv"),
    path("outbox/<uuid:transmission_id>/", outbox_views.transmission, name="transmission"),
    path("outbox/<uuid:transmission_id>/<slug:step>/", outbox_views.transmission_step, name="transmission_step"),
    path("inbox/", inbox_views.inbox, name="inbox"),
    path("inbox.csv", inbox_views.inbox_csv, name="inbox_csv"),
    path("inbox/receive/", inbox_views.inbox_receive, name="inbox_receive"),
    path("inbox/<uuid:inbound_id>/", inbox_views.inbound, name="inbound"),
    path("inbox/<uuid:inbound_id>/settle/", inbox_views.inbound_settle, name="inbound_settle"),
    path("inspection/", inspection_views.inspection, name="inspection"),
    path("inspection/file/", inspection_views.inspect_file, name="inspect_file"),
    path("files/<uuid:file_id>/", x12_views.file, name="file"),
]
