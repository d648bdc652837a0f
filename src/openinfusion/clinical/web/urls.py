# SPDX-License-Identifier: Apache-2.0
"""Routes of the clinical room."""
from __future__ import annotations

from django.urls import include, path

from openinfusion.clinical.web import views

app_name = "clinical"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("dosing/<uuid:prescription_id>/", views.dosing, name="dosing"),
    path("dosing/<uuid:prescription_id>/keep/", views.dosing_keep, name="dosing_keep"),
    path("", include("openinfusion.clinical.web.care_urls")),
    path("", include("openinfusion.clinical.web.regimen_urls")),
    path("rules/", views.rules, name="rules"),
    path("rules/<slug:code>/<slug:step>/", views.rule_step, name="rule_step"),
    path("interactions/", views.interactions, name="interactions"),
    path("interactions/sets/", views.set_load, name="set_load"),
    path("interactions/sets/<uuid:set_id>/withdraw/", views.set_withdraw, name="set_withdraw"),
    path("compatibility/", views.observations, name="observations"),
    path("compatibility/observations/", views.observation_enter, name="observation_enter"),
    path("compatibility/observations/<uuid:observation_id>/<slug:step>/", views.observation_step, name="observation_step"),
    path("reviews/<uuid:review_id>/", views.review, name="review"),
    path("reviews/<uuid:review_id>/answers/", views.finding_answer, name="answer"),
    path("reviews/<uuid:review_id>/passes/", views.pass_propose, name="pass_propose"),
    path("passes/<uuid:pass_id>/<slug:step>/", views.pass_step, name="pass_step"),
    path("reviews/<uuid:review_id>/<slug:step>/", views.review_step, name="review_step"),
    path("nutrition/prescriptions/<uuid:prescription_id>/", views.nutrition, name="nutrition"),
    path("nutrition/prescriptions/<uuid:prescription_id>/revision/", views.nutrition_revise, name="nutrition_revise"),
    path("nutrition/therapies/<uuid:therapy_id>/", views.nutrition_new, name="nutrition_new"),
    path("nutrition/therapies/<uuid:therapy_id>/order/", views.nutrition_write, name="nutrition_write"),
    path("prescriptions/<uuid:prescription_id>/", views.review_by_prescription, name="by_prescription"),
]
