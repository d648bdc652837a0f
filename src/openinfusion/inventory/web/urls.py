# SPDX-License-Identifier: Apache-2.0
"""Routes of the inventory room."""
from __future__ import annotations

from django.urls import path

from openinfusion.inventory.web import views

app_name = "inventory"
urlpatterns = [
    path("", views.stock, name="stock"),
    path("stock.csv", views.stock_csv, name="stock_csv"),
    path("receive/", views.receive, name="receive"),
    path("receipt/", views.receipt, name="receipt"),
    path("scanned/", views.scanned, name="scanned"),
    path("lots/<uuid:lot_id>/", views.lot, name="lot"),
    path("lots/<uuid:lot_id>/step/<slug:step>/", views.lot_step, name="lot_step"),
    path("lots/<uuid:lot_id>/correct/<slug:kind>/", views.correct, name="correct"),
    path("lots/<uuid:lot_id>/transfer/", views.transfer, name="transfer"),
    path("pumps/", views.pumps, name="pumps"),
    path("pumps/<uuid:pump_id>/", views.pump, name="pump"),
    path("pumps/<uuid:pump_id>/step/<slug:step>/", views.pump_step, name="pump_step"),
]
