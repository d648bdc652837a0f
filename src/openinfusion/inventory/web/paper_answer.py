# SPDX-License-Identifier: Apache-2.0
"""A PDF as an answer, shown in the browser."""

from __future__ import annotations

from django.http import HttpResponse


def paper(name: str, data: bytes) -> HttpResponse:
    """The document; ``name`` is what it is saved as."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
