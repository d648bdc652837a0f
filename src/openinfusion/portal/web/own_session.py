# SPDX-License-Identifier: Apache-2.0
"""The patient's session: one cookie for these pages only, read anew on every request. It signs nobody in anywhere else.

What keeps others out: the cookie goes to no other path and to no other site's requests; it holds only a random secret
whose hash is in the database; the patient is read from the session's row and never from an address or a form; every
answer is kept out of caches and search engines, and other sites learn nothing of the address.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from openinfusion.kernel.refusal import Malformed, NotFound, Refused, Stale, Unavailable
from openinfusion.platform.actor import Actor
from openinfusion.platform.scope import current_organization_id, entered, in_scope
from openinfusion.platform.web import show
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.domain.link import house_of
from openinfusion.portal.queries import patient_actor, session_by

COOKIE, PATH = "oi_own_page", "/portal/my/"
View = Callable[..., HttpResponse]
GONE = "This page is closed. Open your link again, or call the pharmacy for a new one."


@dataclass(frozen=True, slots=True)
class Visitor:
    """The patient of this request."""

    patient_id: UUID
    session_id: UUID
    actor: Actor


class OwnRequest(HttpRequest):
    visitor: Visitor


@contextmanager
def house(token: str) -> Iterator[None]:
    """Inside the house this token names; NotFound where it names none, or where somebody of another house is signed in."""
    organization = house_of(token)
    if organization is None or (in_scope() and current_organization_id() != organization):
        raise NotFound("link")
    with entered(organization):
        yield


def own(*methods: str) -> Callable[[View], View]:
    """A page of the patient's own: only by a running session, one patient, one house."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: OwnRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            secret = request.COOKIES.get(COOKIE, "")
            try:
                with house(secret):
                    session = session_by(secret)
                    request.visitor = Visitor(session.patient_id, session.id, patient_actor(session.patient_id))
                    return guarded(told(request, lambda: view(request, *args, **kwargs)))
            except NotFound:
                return guarded(notice(request, 403, "Closed", [GONE]))

        return require_http_methods(list(methods))(run)

    return wrap


def told(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or a plain word why not."""
    try:
        return answer()
    except Refused as no:
        return notice(request, 409, "Not possible now", [f"{r.text[:1].upper()}{r.text[1:]}." for r in no.reasons])
    except Malformed as no:
        return notice(request, 422, "Please correct", [str(f) for f in no.faults])
    except Stale:
        return notice(request, 409, "Something changed", ["Please go back and look at the page again."])
    except NotFound:
        return notice(request, 404, "Not found", ["There is nothing here. Go back to your page."])
    except Unavailable:
        return notice(request, 503, "Please try again later", ["If it is urgent, call the pharmacy."])


def notice(request: HttpRequest, status: int, title: str, lines: list[str]) -> HttpResponse:
    page = {"title": title, "lines": lines, "back": status != 403}
    return show(request, "portal/my_notice.html", page, status)


def guarded(answer: HttpResponse) -> HttpResponse:
    """No cache, no search engine, no word to other sites.

    same-origin, not no-referrer: with the latter browsers send “Origin: null” with our own forms, and the guard against
    forged forms would refuse them.
    """
    answer["Cache-Control"] = "no-store, private"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def let_in(answer: HttpResponse, secret: str) -> HttpResponse:
    """Hand the session's cookie over."""
    answer.set_cookie(
        COOKIE, secret, max_age=whole("session_minutes") * 60, path=PATH, httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


def let_out(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return answer
