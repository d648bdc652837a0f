# SPDX-License-Identifier: Apache-2.0
"""Every address of the house, asked by a stranger, by somebody without rights, and by another tenant."""
from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.roles import Role

OPEN = ("accounts/", "livez", "readyz", "api/openapi.json", "api/docs", "static/")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def addresses() -> list[str]:
    """One concrete address for every route."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, route)
            else:
                found.append(route)

    walk(get_resolver().url_patterns, "")
    return found


def concrete(route: str) -> str:
    route = re.sub(r"<uuid:[^>]+>", str(new_id()), route)
    route = re.sub(r"<(int|date):[^>]+>", "1", route)
    return "/" + re.sub(r"<[^>]+>", "x", route)


ROUTES = [r for r in addresses() if not r.startswith(OPEN)]
ROOMS: dict[str, list[str]] = {}
for one in ROUTES:
    ROOMS.setdefault("/".join(one.split("/")[:2]) if one.startswith("api/") else one.split("/")[0], []).append(one)


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_a_stranger_is_sent_away(room: str) -> None:
    client, let_in = Client(), []
    for route in ROOMS[room]:
        for method in ("get", "post"):
            answer = getattr(client, method)(concrete(route))
            known = answer.status_code in {302, 401, 403, 404, 405}
            if not known or (answer.status_code == 302 and "/accounts/login/" not in answer["Location"]):
                let_in.append(f"{method} {route} answers a stranger with {answer.status_code}")
    assert not let_in, let_in


@pytest.mark.django_db
@pytest.mark.parametrize("room", [room for room in ROOMS if not room.startswith("api/")])
def test_what_is_not_there_is_refused_plainly_and_never_breaks(room: str, account, organization_id: UUID) -> None:
    client, broken = Client(raise_request_exception=False), []
    client.force_login(account(Role.EXECUTIVE), backend=BACKEND)
    for route in ROOMS[room]:
        for method in ("get", "post"):
            answer = getattr(client, method)(concrete(route))
            if answer.status_code >= 500:
                broken.append(f"{method} {route} broke with {answer.status_code}")
    assert not broken, broken
    assert "_auth_user_id" in client.session, "somebody was signed out on the way and saw only the sign-in page"


def test_there_are_routes_to_ask() -> None:
    assert len(ROUTES) > 20 and len(ROOMS) > 20
