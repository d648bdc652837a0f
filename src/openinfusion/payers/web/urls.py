# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.payers.web import views

app_name = "payers"
urlpatterns = [
    path("", views.payer_list, name="list"),
    path("<uuid:payer_id>/", views.payer, name="payer"),
]
