# SPDX-License-Identifier: Apache-2.0
"""The application, for a WSGI server."""

from __future__ import annotations

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openinfusion.settings")
gc.disable()  # what is loaded now stays: no walk over it is worth its time

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

import openinfusion.urls  # noqa: E402, F401  (every page and operation is loaded before the first request, not by it)

gc.freeze()
gc.enable()
