# SPDX-License-Identifier: Apache-2.0
"""The application, for a WSGI server: pages are there before the first request, the API's operations soon after."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from threading import Timer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openinfusion.settings")
gc.disable()  # what is loaded now stays: no walk over it is worth its time

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

import openinfusion.urls  # noqa: E402, F401  (every page is loaded before the first request, not by it)

gc.freeze()
gc.enable()
_api = Timer(5, import_module, ["openinfusion.api.urls"])
_api.daemon = True
_api.start()
