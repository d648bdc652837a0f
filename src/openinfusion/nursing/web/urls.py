# SPDX-License-Identifier: Apache-2.0
"""Routes of nursing."""
from __future__ import annotations

from django.urls import path

from openinfusion.nursing.web import day_views, roster_views, suite_views, views

app_name = "nursing"
urlpatterns = [
    path("", views.visits, name="visits"),
    path("table.csv", views.visits_table, name="table"),
    path("day/", day_views.day, name="day"),
    path("day/worker.js", day_views.worker, name="day_worker"),
    path("day/<slug:name>.js", day_views.part, name="day_part"),
    path("board/", roster_views.board, name="board"),
    path("board/table.csv", roster_views.board_table, name="board_table"),
    path("suite/", suite_views.suite, name="suite"),
    path("suite/ask/", suite_views.suite_ask, name="suite_ask"),
    path("suite/table.csv", suite_views.suite_table, name="suite_table"),
    path("suite/<uuid:site_id>/terms/", suite_views.suite_terms, name="suite_terms"),
    path("suite/appointments/<uuid:appointment_id>/", suite_views.appointment, name="appointment"),
    path("suite/appointments/<uuid:appointment_id>/book/", suite_views.appointment_book, name="appointment_book"),
    path("suite/appointments/<uuid:appointment_id>/move/", suite_views.appointment_move, name="appointment_move"),
    path("suite/appointments/<uuid:appointment_id>/nudge/", suite_views.appointment_nudge, name="appointment_nudge"),
    path("suite/appointments/<uuid:appointment_id>/undo/", suite_views.appointment_undo, name="appointment_undo"),
    path("suite/appointments/<uuid:appointment_id>/length/", suite_views.appointment_length, name="appointment_length"),
    path("suite/appointments/<uuid:appointment_id>/second/", suite_views.appointment_second, name="appointment_second"),
    path("suite/appointments/<uuid:appointment_id>/step/<slug:step>/", suite_views.appointment_step, name="appointment_step"),
    path("suite/therapies/<uuid:therapy_id>/ask/", suite_views.appointment_ask, name="appointment_ask"),
    path("roster/", roster_views.roster, name="roster"),
    path("roster/plan/", roster_views.roster_plan, name="roster_plan"),
    path("roster/<uuid:availability_id>/end/", roster_views.roster_end, name="roster_end"),
    path("agencies/", roster_views.agencies, name="agencies"),
    path("agencies/enter/", roster_views.agency_keep, name="agency_enter"),
    path("agencies/<uuid:agency_id>/", roster_views.agency_keep, name="agency_change"),
    path("agencies/<uuid:agency_id>/nurses/", roster_views.agency_send, name="agency_send"),
    path("miles/", roster_views.miles, name="miles_list"),
    path("miles/table.csv", roster_views.miles_table, name="miles_table"),
    path("phones/", roster_views.phones, name="phones"),
    path("phones/<uuid:device_id>/revoke/", roster_views.phone_revoke, name="phone_revoke"),
    path("phones/<uuid:device_id>/allow/", roster_views.phone_allow, name="phone_allow"),
    path("visits/<uuid:visit_id>/", views.visit, name="visit"),
    path("visits/<uuid:visit_id>/days/", views.days, name="days"),
    path("visits/<uuid:visit_id>/offer/", views.offer, name="offer"),
    path("visits/<uuid:visit_id>/second/", views.second, name="second"),
    path("visits/<uuid:visit_id>/second/offer/", views.second_offer, name="second_offer"),
    path("visits/<uuid:visit_id>/second/<slug:step>/", views.second_step, name="second_step"),
    path("visits/<uuid:visit_id>/record/<slug:part>/", views.record, name="record"),
    path("visits/<uuid:visit_id>/shelf/<uuid:package_id>/back/", views.shelf_back, name="shelf_back"),
    path("visits/<uuid:visit_id>/miles/", views.miles, name="miles"),
    path("visits/<uuid:visit_id>/miss/", views.miss, name="miss"),
    path("visits/<uuid:visit_id>/handover/", views.handover, name="handover"),
    path("visits/<uuid:visit_id>/handover/<uuid:handover_id>/read/", views.handover_read, name="handover_read"),
    path("visits/<uuid:visit_id>/rate-plan/", views.rate_plan, name="rate_plan"),
    path("visits/<uuid:visit_id>/reactions/<uuid:reaction_id>/told/", views.told, name="told"),
    path("visits/<uuid:visit_id>/<slug:step>/", views.step, name="step"),
    path("therapies/<uuid:therapy_id>/request/", views.visit_request, name="request"),
]
