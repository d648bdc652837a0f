# SPDX-License-Identifier: Apache-2.0
"""The application, for a WSGI server."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openinfusion.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

import openinfusion.urls  # noqa: E402, F401  (every page and operation is loaded before the first request, not by it)
