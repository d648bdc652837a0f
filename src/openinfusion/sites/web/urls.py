# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.sites.web import views

app_name = "sites"
urlpatterns = [
    path("", views.site_list, name="list"),
    path("<uuid:site_id>/", views.site, name="site"),
    path("hoods/<uuid:hood_id>/certify/", views.hood_certify, name="hood_certify"),
    path("hoods/<uuid:hood_id>/clean/", views.hood_clean, name="hood_clean"),
    path("hoods/<uuid:hood_id>/<slug:step>/", views.hood_step, name="hood_step"),
    path("cold-stores/<uuid:cold_store_id>/reading/", views.reading_add, name="reading_add"),
]
