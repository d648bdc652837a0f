# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.desk.web import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search_page, name="search"),
    path("chart/<uuid:patient_id>/", views.chart, name="chart"),
    path("files/<uuid:file_id>/", views.file, name="file"),
    path("journal/", views.journal_page, name="journal"),
    path("trace/", views.trace, name="trace"),
    path("trace/reach/<uuid:case_id>/", views.trace_reach, name="trace_reach"),
    path("trace/trace.csv", views.trace_csv, name="trace_csv"),
    path("site/", views.choose_site, name="choose_site"),
]
