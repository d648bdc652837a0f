# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.payers.web import code_views, criteria_views, views

app_name = "payers"
urlpatterns = [
    path("", views.payer_list, name="list"),
    path("table/", views.table, name="table"),
    path("enter/", views.enter, name="enter"),
    path("prices/", views.prices, name="prices"),
    path("prices/import/", views.prices_import, name="import"),
    path("prices/<uuid:file_id>/", views.price_file, name="price_file"),
    path("prices/<uuid:file_id>/withdraw/", views.prices_withdraw, name="prices_withdraw"),
    path("codes/", code_views.codes, name="codes"),
    path("codes/read/", code_views.bring_in, name="codes_read"),
    path("codes/<uuid:list_id>/", code_views.one, name="code_list"),
    path("codes/<uuid:list_id>/table/", code_views.one_table, name="code_list_table"),
    path("codes/<uuid:list_id>/take/", code_views.take, name="code_list_take"),
    path("codes/<uuid:list_id>/drop/", code_views.drop, name="code_list_drop"),
    path("criteria/", criteria_views.criteria, name="criteria"),
    path("criteria/table/", criteria_views.criteria_table, name="criteria_table"),
    path("criteria/new/", criteria_views.new, name="criteria_new"),
    path("criteria/enter/", criteria_views.enter, name="criteria_enter"),
    path("criteria/<uuid:criteria_id>/", criteria_views.version, name="criteria_version"),
    path("criteria/<uuid:criteria_id>/edit/", criteria_views.edit, name="criteria_edit"),
    path("criteria/<uuid:criteria_id>/change/", criteria_views.change, name="criteria_change"),
    path("criteria/<uuid:criteria_id>/step/<slug:step>/", criteria_views.step, name="criteria_step"),
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
