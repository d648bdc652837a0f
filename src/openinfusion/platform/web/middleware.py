# SPDX-License-Identifier: Apache-2.0
"""Every request of a signed-in person runs in that person's organization, as that person, and not for ever."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openinfusion.platform.clock import now
from openinfusion.platform.models import User
from openinfusion.platform.permissions import actor_of
from openinfusion.platform.scope import entered

Answer = Callable[[HttpRequest], HttpResponse]


def idle_sign_off(get_response: Answer) -> Answer:
    """Sign off a session that was idle too long; what polls by itself does not count as being there."""

    def run(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        at, seen = now().timestamp(), request.session.get("seen_at")
        if seen is not None and at - seen > settings.IDLE_MINUTES * 60:
            logout(request)
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_REDIRECT_URL})
            return redirect(f"/accounts/login/?next={request.path}&idle=1")
        if not request.headers.get("X-Poll"):
            request.session["seen_at"] = at
        return get_response(request)

    return run


def scoped(get_response: Answer) -> Answer:
    """Enter the person's scope: one transaction, one organization, one actor."""

    def run(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return get_response(request)
        site = request.session.get("site_id")
        request.actor = actor_of(user, UUID(site) if site else None)  # type: ignore[attr-defined]
        with entered(user.organization_id):
            return get_response(request)

    return run
