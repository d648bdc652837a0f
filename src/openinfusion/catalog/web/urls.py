# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.catalog.web import views

app_name = "catalog"
urlpatterns = [
    path("", views.drug_list, name="list"),
    path("drugs/<slug:code>/", views.drug, name="drug"),
    path("drugs/<slug:code>/sign/<slug:kind>/<uuid:figure_id>/", views.figure_sign, name="figure_sign"),
]
