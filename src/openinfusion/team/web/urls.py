# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.team.web import views

app_name = "team"
urlpatterns = [
    path("", views.people_list, name="people"),
    path("matrix/", views.matrix, name="matrix"),
    path("matrix.csv", views.matrix_csv, name="matrix_csv"),
    path("garb/", views.garb, name="garb"),
    path("garb/attest/", views.garb_attest, name="garb_attest"),
    path("on-call/", views.on_call, name="on_call"),
    path("on-call/put/", views.on_call_put, name="on_call_put"),
    path("on-call/<uuid:shift_id>/take-off/", views.on_call_off, name="on_call_off"),
    path("<uuid:user_id>/", views.person_page, name="person"),
    path("<uuid:user_id>/competency/", views.competency_add, name="competency_add"),
    path("<uuid:user_id>/remediation/", views.remediation_add, name="remediation_add"),
    path("<uuid:user_id>/credential/", views.credential_add, name="credential_add"),
]
