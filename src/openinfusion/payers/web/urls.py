# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.payers.web import views

app_name = "payers"
urlpatterns = [
    path("", views.payer_list, name="list"),
    path("table/", views.table, name="table"),
    path("enter/", views.enter, name="enter"),
    path("prices/", views.prices, name="prices"),
    path("prices/import/", views.prices_import, name="import"),
    path("prices/<uuid:file_id>/", views.price_file, name="price_file"),
    path("prices/<uuid:file_id>/withdraw/", views.prices_withdraw, name="prices_withdraw"),
    path("contracts/<uuid:contract_id>/", views.contract, name="contract"),
    path("contracts/<uuid:contract_id>/rates/", views.rate_table, name="rate_table"),
    path("drafts/<uuid:draft_id>/", views.draft, name="draft"),
    path("drafts/<uuid:draft_id>/edit/", views.draft_edit, name="draft_edit"),
    path("drafts/<uuid:draft_id>/change/", views.draft_change, name="draft_change"),
    path("drafts/<uuid:draft_id>/step/<slug:step>/", views.draft_step, name="draft_step"),
    path("<uuid:payer_id>/", views.payer, name="payer"),
    path("<uuid:payer_id>/plans/", views.plan_enter, name="enter_plan"),
    path("<uuid:payer_id>/begin/", views.begin, name="begin"),
    path("<uuid:payer_id>/new/", views.contract_new, name="contract_form"),
    path("<uuid:payer_id>/contracts/", views.contract_enter, name="contract_new"),
]
