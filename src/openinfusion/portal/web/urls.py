# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.portal.web import own_views, views

app_name = "portal"
urlpatterns = [
    path("", views.board, name="board"),
    path("requests.csv", views.requests_csv, name="requests_csv"),
    path("patients/<uuid:patient_id>/", views.patient, name="patient"),
    path("patients/<uuid:patient_id>/give/", views.give, name="give"),
    path("links/<uuid:link_id>/renew/", views.renew, name="renew"),
    path("links/<uuid:link_id>/revoke/", views.revoke, name="revoke"),
    path("links/<uuid:link_id>/letter/", views.letter, name="letter"),
    path("requests/<uuid:request_id>/<slug:step>/", views.step, name="step"),
    # the patient's own: reached by link and session, never by signing in
    path("my/", own_views.page, name="my"),
    path("my/leave/", own_views.leave_page, name="my_leave"),
    path("my/refill/<uuid:ticket_id>/", own_views.refill, name="my_refill"),
    path("my/ask/<slug:about>/", own_views.ask_page, name="my_ask"),
    path("my/ask/<slug:about>/<uuid:subject_id>/", own_views.ask_page, name="my_ask_about"),
    path("my/<slug:token>/", own_views.door, name="my_door"),
]
