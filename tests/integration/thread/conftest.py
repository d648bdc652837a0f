# SPDX-License-Identifier: Apache-2.0
"""The API as the people of a pharmacy call it: each with their own token, signing with their own password."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


class Api:
    """JSON in, JSON out. News is told after each call, as the process does when the call has committed."""

    def __init__(self, pharmacy: Any, tell: Callable[[], int]) -> None:
        self.pharmacy, self._tell, self._client = pharmacy, tell, Client()
        self._tokens: dict[str, str] = {}

    def _token(self, who: str) -> str:
        """This person's bearer token, made once."""
        from openinfusion.platform.models import ApiToken

        if who not in self._tokens:
            self._tokens[who] = f"token of {who} in {self.pharmacy.organization_id}"
            ApiToken.objects.create(
                organization_id=self.pharmacy.organization_id, user_id=self.pharmacy.actors[who].id, label="test",
                sha256=hashlib.sha256(self._tokens[who].encode()).hexdigest(),
            )
        return self._tokens[who]

    def _headers(self, who: str, sign: bool) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token(who)}"} | ({"X-Signature": self.pharmacy.password} if sign else {})

    def get(self, who: str, path: str) -> Any:
        answer = self._client.get(f"/api{path}", headers=self._headers(who, False))
        assert answer.status_code == 200, f"GET {path} by {who}: {answer.status_code} {answer.content.decode()}"
        return answer.json()

    def post(self, who: str, path: str, body: object = None, *, sign: bool = False, kind: str = "application/json") -> Any:
        """Change something; bytes are sent as they are."""
        data = body if isinstance(body, bytes) else body or {}
        answer = self._client.post(f"/api{path}", data, content_type=kind, headers=self._headers(who, sign))
        assert answer.status_code in (200, 201), f"POST {path} by {who}: {answer.status_code} {answer.content.decode()}"
        self._tell()
        return answer.json()

    def steps(self, who: str, path: str, *steps: str) -> Any:
        """Steps that need nothing but the permission, one after the other."""
        return [self.post(who, f"{path}/steps/{step}") for step in steps][-1]


@pytest.fixture
def api(pharmacy: Any, tell_news: Callable[[], int]) -> Api:
    return Api(pharmacy, tell_news)
