# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.catalog.web import formula_views, template_views, views

app_name = "catalog"
urlpatterns = [
    path("", views.drug_list, name="list"),
    path("nutrition/", views.nutrition, name="nutrition"),
    path("nutrition/<uuid:site_id>/limits/", views.limit_propose, name="limit_propose"),
    path("nutrition/<uuid:site_id>/stocks/", views.stock_propose, name="stock_propose"),
    path("nutrition/<uuid:site_id>/curves/", views.curve_propose, name="curve_propose"),
    path("nutrition/<uuid:site_id>/<slug:kind>/<uuid:figure_id>/<slug:step>/", views.site_figure_step, name="site_figure_step"),
    path("templates/", template_views.templates, name="templates"),
    path("templates/<slug:therapy_class>/", template_views.template, name="template"),
    path("templates/<slug:therapy_class>/drafts/", template_views.template_begin, name="template_begin"),
    path("templates/<slug:therapy_class>/<uuid:version_id>/", template_views.template, name="template_version"),
    path("templates/<slug:therapy_class>/<uuid:version_id>/sign/", template_views.template_sign, name="template_sign"),
    path("template-drafts/<uuid:draft_id>/", template_views.draft, name="template_draft"),
    path("template-drafts/<uuid:draft_id>/edit/", template_views.draft_edit, name="template_draft_edit"),
    path("template-drafts/<uuid:draft_id>/change/", template_views.draft_change, name="template_draft_change"),
    path("template-drafts/<uuid:draft_id>/<slug:step>/", template_views.draft_step, name="template_draft_step"),
    path("formulas/", formula_views.formulas, name="formulas"),
    path("formulas/<uuid:formula_id>/", formula_views.formula, name="formula"),
    path("formulas/<uuid:formula_id>/sign/", formula_views.formula_sign, name="formula_sign"),
    path("formulas/<slug:code>/<slug:route>/drafts/", formula_views.formula_begin, name="formula_begin"),
    path("formula-drafts/<uuid:draft_id>/", formula_views.draft, name="formula_draft"),
    path("formula-drafts/<uuid:draft_id>/edit/", formula_views.draft_edit, name="formula_draft_edit"),
    path("formula-drafts/<uuid:draft_id>/change/", formula_views.draft_change, name="formula_draft_change"),
    path("formula-drafts/<uuid:draft_id>/<slug:step>/", formula_views.draft_step, name="formula_draft_step"),
    path("regimens/", views.regimen_list, name="regimens"),
    path("regimens/<slug:code>/", views.regimen, name="regimen"),
    path("regimens/<slug:code>/sign/<uuid:figure_id>/", views.regimen_sign, name="regimen_sign"),
    path("drugs/<slug:code>/", views.drug, name="drug"),
    path("drugs/<slug:code>/sign/<slug:kind>/<uuid:figure_id>/", views.figure_sign, name="figure_sign"),
]
