# SPDX-License-Identifier: Apache-2.0
"""What surrounds every page: navigation, who is signed in, where, and whether this is a demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from openinfusion.kernel.ids import new_id
from openinfusion.platform.actor import Actor
from openinfusion.platform.models import Organization, Site
from openinfusion.settings.navigation import NAVIGATION


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the bar."""

    label: str
    url: str
    key: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The page around the page."""

    actor: Actor | None
    places: tuple[Place, ...]
    organization: str
    site: str
    is_demo: bool
    has_fonts: bool
    roles: str
    zone: str = "UTC"  # of the site the person works at; pages say the zone beside every time


def frame(request: HttpRequest) -> dict[str, object]:
    """Context for ui/base.html; ``new_key`` makes a fresh idempotency key for each form."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"frame": Frame(None, (), "", "", False, has_fonts(), ""), "new_key": new_id}
    organization = Organization.objects.get(pk=actor.organization_id)
    site = Site.objects.filter(pk=actor.site_id).first() if actor.site_id else None
    return {
        "frame": Frame(
            actor,
            tuple(_places(request, actor)),
            organization.name,
            site.name if site else "",
            organization.is_demo,
            has_fonts(),
            ", ".join(sorted(r.label for r in actor.roles)),
            site.timezone if site else "UTC",
        ),
        "new_key": new_id,
    }


def has_fonts() -> bool:
    return (settings.DATA / "assets" / "vendor" / "fonts.css").exists()


def _places(request: HttpRequest, actor: Actor) -> list[Place]:
    found: list[tuple[str, str, str]] = []
    for label, name, permission, key in NAVIGATION:
        if permission and not actor.may(permission):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append((label, url, key))
    current = _current(request.path, [url for _, url, _ in found])
    return [Place(label, url, key, url == current) for label, url, key in found]


def _current(path: str, urls: list[str]) -> str:
    """The place a page belongs to: of those in its room the longest that leads to it, else the room's first; or none."""
    if path == "/":
        return "/"
    room = [url for url in urls if url != "/" and path.startswith(f"/{url.split('/')[1]}/")]
    leading = [url for url in room if path.startswith(url)]
    return max(leading, key=len) if leading else next(iter(room), "")
