# SPDX-License-Identifier: Apache-2.0
"""Of which site a page of dispatch is."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from openinfusion.platform.web import Request
from openinfusion.sites import public as sites


def site_asked(request: Request) -> UUID:
    """The one that was asked for, else one's own, else the first; not found where there is none."""
    known = [s.id for s in sites.pharmacies()]
    asked = request.GET.get("site", "")
    found = next((s for s in known if str(s) == asked), request.actor.site_id) or (known[0] if known else None)
    if found is None:
        raise Http404
    return found
