# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from django.urls import path

from openinfusion.sites.web import exports, log_views, views

app_name = "sites"
urlpatterns = [
    path("", views.site_list, name="list"),
    path("<uuid:site_id>/", views.site, name="site"),
    path("<uuid:site_id>/place/", views.site_place, name="site_place"),
    path("<uuid:site_id>/rooms/", views.room_add, name="room_add"),
    path("<uuid:site_id>/round/", log_views.round_sheet, name="round"),
    path("<uuid:site_id>/round/record/", log_views.round_record, name="round_record"),
    path("<uuid:site_id>/round/file/", log_views.readings_file, name="readings_file"),
    path("<uuid:site_id>/cleaning/", log_views.cleaning, name="cleaning"),
    path("<uuid:site_id>/cleaning/record/", log_views.cleaning_record, name="cleaning_record"),
    path("<uuid:site_id>/samples/", log_views.samples, name="samples"),
    path("<uuid:site_id>/samples/take/", log_views.sample_take, name="sample_take"),
    path("<uuid:site_id>/equipment/", log_views.equipment_list, name="equipment_list"),
    path("<uuid:site_id>/equipment/add/", log_views.equipment_add, name="equipment_add"),
    path("<uuid:site_id>/probes/", log_views.probes, name="probes"),
    path("<uuid:site_id>/probes/add/", log_views.probe_add, name="probe_add"),
    path("<uuid:site_id>/licences/", log_views.licences, name="licences"),
    path("<uuid:site_id>/licences/record/", log_views.licence_record, name="licence_record"),
    path("<uuid:site_id>/export/<slug:what>.csv", exports.site_csv, name="site_csv"),
    path("rooms/<uuid:room_id>/", views.room, name="room"),
    path("rooms/<uuid:room_id>/report/", views.room_report, name="room_report"),
    path("rooms/<uuid:room_id>/readings.csv", exports.room_csv, name="room_csv"),
    path("rooms/<uuid:room_id>/<slug:step>/", views.room_step, name="room_step"),
    path("hoods/<uuid:hood_id>/", views.hood, name="hood"),
    path("hoods/<uuid:hood_id>/certify/", views.hood_certify, name="hood_certify"),
    path("hoods/<uuid:hood_id>/report/", views.hood_report, name="hood_report"),
    path("hoods/<uuid:hood_id>/clean/", views.hood_clean, name="hood_clean"),
    path("hoods/<uuid:hood_id>/<slug:step>/", views.hood_step, name="hood_step"),
    path("cold-stores/<uuid:cold_store_id>/", views.cold_store, name="cold_store"),
    path("cold-stores/<uuid:cold_store_id>/readings.csv", exports.store_csv, name="store_csv"),
    path("cold-stores/<uuid:cold_store_id>/reading/", views.reading_add, name="reading_add"),
    path("samples/<uuid:sample_id>/<slug:step>/", log_views.sample_step, name="sample_step"),
    path("equipment/<uuid:equipment_id>/", log_views.equipment, name="equipment"),
    path("equipment/<uuid:equipment_id>/calibrate/", log_views.calibration_add, name="calibration_add"),
    path("equipment/<uuid:equipment_id>/<slug:step>/", log_views.equipment_step, name="equipment_step"),
    path("probes/<uuid:probe_id>/token/", log_views.probe_token, name="probe_token"),
    path("probes/<uuid:probe_id>/take/", log_views.probe_take, name="probe_take"),
]
