# SPDX-License-Identifier: Apache-2.0
"""Views in three words: @reads pages, @writes actions, and the answers show, then and a notice for every refusal."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused, Stale, Unavailable
from openinfusion.platform.action import keyed
from openinfusion.platform.actor import Actor

log = structlog.get_logger(__name__)
WRONG_SIGNATURES_ALLOWED = 5


class Request(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor
    htmx: Any


View = Callable[..., HttpResponse]


def reads(permission: str = "") -> Callable[[View], View]:
    """A page: GET only, for those who are signed in and hold the permission (empty: everybody signed in)."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if permission and not request.actor.may(permission):
                    raise Refused(Reason("not-permitted", f"this page needs the permission {permission}"))
                return view(request, *args, **kwargs)
            except Refused as no:
                return _page(request, 403 if no.reasons[0].code == "not-permitted" else 409, [str(r) for r in no.reasons])
            except (NotFound, Malformed, Stale, Unavailable) as no:
                return _translated(request, no)

        return login_required(require_GET(run))

    return wrap


def writes(view: View) -> View:
    """A change: POST only, signed in, one action. A refusal becomes a notice in the form; what was typed stays."""

    @functools.wraps(view)
    def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _sign(request)
            with keyed(request.headers.get("Idempotency-Key", "") or request.POST.get("_key", "")):
                return view(request, *args, **kwargs)
        except (Refused, NotFound, Malformed, Stale, Unavailable) as no:
            return _translated(request, no)

    return login_required(require_POST(run))


def _sign(request: Request) -> None:
    """Take the signature that came with this request: the person's own password, asked again."""
    given = request.POST.get("signature", "")
    if not given:
        return
    if request.user.check_password(given):
        request.session.pop("wrong_signatures", None)
        request.actor = request.actor.signing("password")
        return
    wrong = request.session.get("wrong_signatures", 0) + 1
    request.session["wrong_signatures"] = wrong
    log.warning("wrong_signature", user=str(request.actor.id), times=wrong)
    if wrong >= WRONG_SIGNATURES_ALLOWED:
        logout(request)
    raise Malformed(Fault("signature", "this is not your password; nothing was signed"))


def read(form: type[forms.Form], request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
    """The cleaned values of a submitted form; Malformed names every field that is wrong."""
    return filled(form(request.POST, request.FILES, **kwargs))


def filled(form: forms.Form) -> dict[str, Any]:
    """The cleaned values of a form that was filled in; Malformed names every field that is wrong."""
    if form.is_valid():
        return form.cleaned_data
    faults = [
        Fault("" if name == "__all__" else str(form.fields[name].label or name.replace("_", " ")), str(text))
        for name, texts in form.errors.items()
        for text in texts
    ]
    raise Malformed(*faults)


def show(request: HttpRequest, template: str, page: object, status: int = 200) -> HttpResponse:
    """A page: its template gets one variable."""
    response = render(request, template, {"page": page}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def then(request: HttpRequest, to: str, *args: UUID | str | int, said: str = "") -> HttpResponse:
    """After an action: go to a page (URL name, or a path that begins with /) and say what was done."""
    if said:
        messages.success(request, said)
    url = to if to.startswith("/") else reverse(to, args=args)
    if getattr(request, "htmx", None):
        response = HttpResponse(status=204)
        if "#" in url and urlsplit(request.htmx.current_url or "").path == url.partition("#")[0]:  # type: ignore[attr-defined]
            response["HX-Refresh"] = "true"  # going to a place on the same page would not load it anew
        else:
            response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def text_table(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A list as a CSV file, safe to open in a spreadsheet (no cell starts a formula)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([f"'{c}" if (c := str(cell)).startswith(("=", "+", "-", "@")) else c for cell in row])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _translated(request: HttpRequest, no: Exception) -> HttpResponse:
    if isinstance(no, Refused):
        return _page(request, 409, [str(r) for r in no.reasons])
    if isinstance(no, Malformed):
        return _page(request, 422, [str(f) for f in no.faults])
    if isinstance(no, Stale):
        return _page(request, 409, [f"{no}. Reload the page; what you typed is still here."])
    if isinstance(no, Unavailable):
        return _page(request, 503, [str(no)])
    return _page(request, 404, ["There is nothing here, or it is not yours to see."])


TITLES = {403: "Not yours to open", 404: "Not found", 409: "Not possible now", 422: "Please correct", 503: "Try again later"}


def _page(request: HttpRequest, status: int, reasons: list[str]) -> HttpResponse:
    part = bool(getattr(request, "htmx", None))
    page = {"title": TITLES[status], "reasons": reasons, "status": status}
    return render(request, "ui/notice.html" if part else "ui/refused.html", {"page": page}, status=status)
