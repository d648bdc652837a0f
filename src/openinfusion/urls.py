# SPDX-License-Identifier: Apache-2.0
"""The routes of the house: each room's pages under its name, the API under /api/."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from openinfusion.api.reference import reference
from openinfusion.api.routes import api
from openinfusion.platform.web.health import alive, ready

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("accounts/", include("allauth.urls")),
]
for room in settings.ROOMS:
    package = f"openinfusion.{room}"
    if package in settings.INSTALLED_APPS and (Path(settings.PACKAGE) / room / "web" / "urls.py").exists():
        urlpatterns.append(path("" if room == "desk" else f"{room}/", include(f"{package}.web.urls")))
urlpatterns += [path("api/docs", reference, name="api_reference"), path("api/", api.urls)]
