# SPDX-License-Identifier: Apache-2.0
"""Routes of delivery."""
from __future__ import annotations

from django.urls import path

from openinfusion.delivery.web import views

app_name = "delivery"
urlpatterns = [
    path("", views.board, name="board"),
    path("table.csv", views.board_table, name="table"),
    path("driver/", views.driver, name="driver"),
    path("driver/<uuid:ticket_id>/", views.stop, name="stop"),
    path("<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("<uuid:ticket_id>/document.pdf", views.ticket_document, name="document"),
    path("<uuid:ticket_id>/call/", views.call, name="call"),
    path("<uuid:ticket_id>/scan/", views.scan, name="scan"),
    path("<uuid:ticket_id>/pack-out/", views.pack_out, name="pack_out"),
    path("<uuid:ticket_id>/supplies/<uuid:line_id>/", views.supply, name="supply"),
    path("<uuid:ticket_id>/proof/", views.proof, name="proof"),
    path("<uuid:ticket_id>/<slug:step>/", views.step, name="step"),
]
