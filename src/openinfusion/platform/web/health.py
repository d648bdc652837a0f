# SPDX-License-Identifier: Apache-2.0
"""Is it alive, is it ready: for whoever watches the machine. No patient data."""

from __future__ import annotations

from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, JsonResponse


def alive(request: HttpRequest) -> JsonResponse:
    """The process answers; the database is not asked."""
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and is migrated."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            migrations = cursor.fetchone()[0]
    except OperationalError:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    return JsonResponse({"ready": True, "migrations": migrations})
