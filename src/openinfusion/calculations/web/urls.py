# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.calculations.web import views

app_name = "calculations"
urlpatterns = [
    path("", views.calculation_list, name="list"),
    path("<slug:name>/", views.calculation, name="calculation"),
]
