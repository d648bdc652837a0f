# SPDX-License-Identifier: Apache-2.0
"""The nurse's day on the phone: a page that opens without a network, its scripts, and the worker that keeps them.

The page holds nothing of any person: what it shows comes from the encrypted store of the phone.
"""
from __future__ import annotations

import hashlib
import json
from importlib.resources import files

from django.http import Http404, HttpResponse
from django.templatetags.static import static
from django.urls import reverse

from openinfusion.nursing.permissions import MAKE
from openinfusion.platform.web import Request, reads, show

PARTS = ("day", "vault", "keep", "line", "visit", "form", "queue", "gs1", "rates")
SHARED = {"vault"}  # the encrypted store, which the driver's phone uses as well
STYLES = ("ui/tokens.css", "ui/app.css", "nursing/day.css")


def _script(name: str) -> str:
    if name in SHARED:
        return (files("openinfusion.platform") / "static" / "ui" / f"{name}.js").read_text(encoding="utf-8")
    return (files("openinfusion.nursing") / "static" / "nursing" / "day" / f"{name}.js").read_text(encoding="utf-8")


def _as_script(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@reads(MAKE.code)
def day(request: Request) -> HttpResponse:
    return show(request, "nursing/day.html", {"styles": [static(s) for s in STYLES]})


@reads(MAKE.code)
def part(request: Request, name: str) -> HttpResponse:
    if name not in PARTS:
        raise Http404
    return _as_script(_script(name))


@reads(MAKE.code)
def worker(request: Request) -> HttpResponse:
    """The service worker: its own text, with the list of files it keeps and their digest as version."""
    shell = [reverse("nursing:day"), *(reverse("nursing:day_part", args=[p]) for p in PARTS), *(static(s) for s in STYLES)]
    digest = hashlib.sha256("".join([*map(_script, (*PARTS, "worker")), *shell]).encode()).hexdigest()[:12]
    head = f"const SHELL = {json.dumps(shell)};\nconst EDITION = {json.dumps(digest)};\n"
    return _as_script(head + _script("worker"))
