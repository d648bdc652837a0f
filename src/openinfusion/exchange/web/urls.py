# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.exchange.web import inspection_views, outbox_views, views, x12_views

app_name = "exchange"
urlpatterns = [
    path("fhir/", views.fhir, name="fhir"),
    path("fhir/receive/", views.fhir_receive, name="fhir_receive"),
    path("claim-files/", x12_views.files, name="claim_files"),
    path("claim-files/send/", x12_views.send, name="send"),
    path("claim-files/<uuid:claim_file_id>/", x12_views.claim_file, name="claim_file"),
    path("remittance/", x12_views.receive, name="receive"),
    path("remittance/receive/", x12_views.receive_file, name="receive_file"),
    path("outbox/", outbox_views.outbox, name="outbox"),
    path("outbox.csv", outbox_views.outbox_csv, name="outbox_csv"),
    path("outbox/<uuid:transmission_id>/", outbox_views.transmission, name="transmission"),
    path("outbox/<uuid:transmission_id>/<slug:step>/", outbox_views.transmission_step, name="transmission_step"),
    path("inspection/", inspection_views.inspection, name="inspection"),
    path("inspection/file/", inspection_views.inspect_file, name="inspect_file"),
    path("files/<uuid:file_id>/", x12_views.file, name="file"),
]
