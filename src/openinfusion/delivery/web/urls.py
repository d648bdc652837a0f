# SPDX-License-Identifier: Apache-2.0
"""Routes of delivery."""
from __future__ import annotations

from django.urls import path

from openinfusion.delivery.web import paper_views, road_views, roster_views, views

app_name = "delivery"
urlpatterns = [
    path("", views.board, name="board"),
    path("table.csv", views.board_table, name="table"),
    path("calls/", views.calls, name="calls"),
    path("calls/table.csv", views.calls_table, name="calls_table"),
    path("concerns/<uuid:concern_id>/<slug:step>/", views.concern, name="concern"),
    path("driver/", road_views.driver, name="driver"),
    path("driver/<uuid:ticket_id>/", road_views.stop, name="stop"),
    path("routes/", road_views.routes, name="routes"),
    path("routes/<uuid:site_id>/<slug:day>/new/", road_views.route_new, name="route_new"),
    path("routes/<uuid:route_id>/stop/", road_views.route_stop, name="route_stop"),
    path("roster/", roster_views.roster, name="roster"),
    path("roster/<uuid:site_id>/plan/", roster_views.plan, name="roster_plan"),
    path("roster/<uuid:site_id>/sick/", roster_views.sick, name="roster_sick"),
    path("roster/<uuid:time_id>/end/", roster_views.end, name="roster_end"),
    path("roster/<uuid:site_id>/vehicles/", roster_views.vehicle_new, name="vehicle_new"),
    path("roster/<uuid:site_id>/vehicles/<uuid:vehicle_id>/", roster_views.vehicle_change, name="vehicle_change"),
    path("returns/", road_views.returns, name="returns"),
    path("returns/table.csv", road_views.returns_table, name="returns_table"),
    path("returns/ask/", road_views.return_ask, name="return_ask"),
    path("returns/<uuid:return_id>/<slug:step>/", road_views.return_step, name="return_step"),
    path("pack-outs/", road_views.packing, name="packing"),
    path("pack-outs/<uuid:site_id>/validation/", road_views.validation_new, name="validation_new"),
    path("pack-outs/<uuid:site_id>/service/", road_views.service_new, name="service_new"),
    path("pack-outs/<uuid:site_id>/door/", road_views.door, name="door"),
    path("validations/<uuid:validation_id>/<slug:step>/", road_views.validation, name="validation"),
    path("validations/<uuid:validation_id>.file", paper_views.validation_file, name="validation_file"),
    path("services/<uuid:service_id>/end/", road_views.service_end, name="service_end"),
    path("loggers/<uuid:record_id>/decide/", views.logger_decide, name="logger_decide"),
    path("<uuid:ticket_id>/", views.ticket, name="ticket"),
    path("<uuid:ticket_id>/document.pdf", paper_views.ticket_document, name="document"),
    path("<uuid:ticket_id>/proof.pdf", paper_views.proof_document, name="proof_document"),
    path("<uuid:ticket_id>/custody.pdf", paper_views.custody_document, name="custody_document"),
    path("<uuid:ticket_id>/photo", paper_views.photo, name="photo"),
    path("<uuid:ticket_id>/call/", views.call, name="call"),
    path("<uuid:ticket_id>/attempt/", views.attempt, name="attempt"),
    path("<uuid:ticket_id>/scan/", views.scan, name="scan"),
    path("<uuid:ticket_id>/pack-out/", views.pack_out, name="pack_out"),
    path("<uuid:ticket_id>/supplies/<uuid:line_id>/", views.supply, name="supply"),
    path("<uuid:ticket_id>/short/<uuid:line_id>/", views.short, name="short"),
    path("<uuid:ticket_id>/logger/", views.logger, name="logger"),
    path("<uuid:ticket_id>/proof/", road_views.proof, name="proof"),
    path("<uuid:ticket_id>/failed/", road_views.fail, name="fail"),
    path("<uuid:ticket_id>/door-position/", road_views.door_position, name="door_position"),
    path("<uuid:ticket_id>/pass-on/", road_views.pass_on_view, name="pass_on"),
    path("<uuid:ticket_id>/<slug:step>/", views.step, name="step"),
]
