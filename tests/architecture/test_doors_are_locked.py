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


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_is_sent_away(route: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(concrete(route))
        assert answer.status_code in {302, 401, 403, 404, 405}, f"{method} {route} answers a stranger with {answer.status_code}"
        if answer.status_code == 302:
            assert "/accounts/login/" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in ROUTES if not r.startswith("api/")])
def test_what_is_not_there_is_refused_plainly_and_never_breaks(route: str, account, organization_id: UUID) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(account(Role.EXECUTIVE), backend=BACKEND)
    for method in ("get", "post"):
        answer = getattr(client, method)(concrete(route))
        assert answer.status_code < 500, f"{method} {route} broke with {answer.status_code}"


def test_there_are_routes_to_ask() -> None:
    assert len(ROUTES) > 20
