# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.intake.web import authorization_views as cases
from openinfusion.intake.web import views

app_name = "intake"
urlpatterns = [
    path("", views.board, name="board"),
    path("table/", views.table, name="table"),
    path("new/", views.new, name="new"),
    path("receive/", views.receive, name="receive"),
    path("authorizations/", cases.authorizations, name="authorizations"),
    path("authorizations/table/", cases.authorization_table, name="authorization_table"),
    path("authorizations/<uuid:authorization_id>/", cases.authorization, name="authorization"),
    path("authorizations/<uuid:authorization_id>/packet.pdf", cases.authorization_packet, name="authorization_packet"),
    path("authorizations/<uuid:authorization_id>/letter.pdf", cases.authorization_letter_pdf, name="authorization_letter_pdf"),
    path("authorizations/<uuid:authorization_id>/letter/", cases.authorization_letter, name="authorization_letter"),
    path("authorizations/<uuid:authorization_id>/message/", cases.authorization_message, name="authorization_message"),
    path("authorizations/<uuid:authorization_id>/renew/", cases.authorization_renew, name="authorization_renew"),
    path("authorizations/<uuid:authorization_id>/criteria/<slug:code>/", cases.authorization_note, name="authorization_note"),
    path("authorizations/<uuid:authorization_id>/<slug:step>/", cases.authorization_step, name="authorization_step"),
    path("<uuid:referral_id>/", views.referral, name="referral"),
    path("<uuid:referral_id>/order/", views.order, name="order"),
    path("<uuid:referral_id>/benefits/", views.benefits, name="benefits"),
    path("<uuid:referral_id>/assistance/", views.assistance, name="assistance"),
    path("<uuid:referral_id>/assessment/", views.assessment, name="assessment"),
    path("<uuid:referral_id>/authorization/", views.authorization_open, name="authorization_open"),
    path("<uuid:referral_id>/items/<slug:code>/receive/", views.item_receive, name="item_receive"),
    path("<uuid:referral_id>/items/<slug:code>/take-back/", views.item_take_back, name="item_take_back"),
    path("<uuid:referral_id>/step/<slug:step>/", views.step, name="step"),
]
