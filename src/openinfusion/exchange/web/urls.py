# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.exchange.web import views

app_name = "exchange"
urlpatterns = [
    path("fhir/", views.fhir, name="fhir"),
    path("fhir/receive/", views.fhir_receive, name="fhir_receive"),
]
