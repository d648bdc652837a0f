# SPDX-License-Identifier: Apache-2.0
"""The routes under /api/: every room's operations, and the reference that is read off them."""

from __future__ import annotations

from django.urls import path

from openinfusion.api.reference import reference
from openinfusion.api.routes import api

urlpatterns = [path("docs", reference, name="reference"), *api.urls[0]]
