# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.catalog.web import views

app_name = "catalog"
urlpatterns = [
    path("", views.drug_list, name="list"),
    path("nutrition/", views.nutrition, name="nutrition"),
    path("nutrition/<uuid:site_id>/limits/", views.limit_propose, name="limit_propose"),
    path("nutrition/<uuid:site_id>/stocks/", views.stock_propose, name="stock_propose"),
    path("nutrition/<uuid:site_id>/curves/", views.curve_propose, name="curve_propose"),
    path("nutrition/<uuid:site_id>/<slug:kind>/<uuid:figure_id>/<slug:step>/", views.site_figure_step, name="site_figure_step"),
    path("regimens/", views.regimen_list, name="regimens"),
    path("regimens/<slug:code>/", views.regimen, name="regimen"),
    path("regimens/<slug:code>/sign/<uuid:figure_id>/", views.regimen_sign, name="regimen_sign"),
    path("drugs/<slug:code>/", views.drug, name="drug"),
    path("drugs/<slug:code>/sign/<slug:kind>/<uuid:figure_id>/", views.figure_sign, name="figure_sign"),
]
