# SPDX-License-Identifier: Apache-2.0
"""Mounts every room's router at /api/<room>/."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.conf import settings

from openinfusion.api.openapi import RoomsAPI
from openinfusion.platform.api import ExactReader, install_errors

api = RoomsAPI(
    title="OpenInfusion", version="1", description="Every room of the pharmacy, as JSON.", docs_url=None, parser=ExactReader()
)
install_errors(api)
for room in settings.ROOMS:
    folder = Path(settings.PACKAGE) / room
    if f"openinfusion.{room}" in settings.INSTALLED_APPS and ((folder / "api.py").exists() or (folder / "api").is_dir()):
        api.add_router(f"/{room}", import_module(f"openinfusion.{room}.api").router)
