# SPDX-License-Identifier: Apache-2.0
"""A patient with a page of their own, and the browser they open it with."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from openinfusion.platform.clock import now
from openinfusion.portal import public as portal
from openinfusion.portal.models import PatientLink

BORN = "1968-07-14"


@dataclass
class OwnPage:
    """One patient's link and code, as staff told them."""

    link_id: UUID
    token: str
    code: str

    def door(self, client: Client | None = None, *, code: str = "", born_on: str = BORN) -> tuple[Client, Any]:
        client = client or Client()
        answer = client.post(f"/portal/my/{self.token}/", {"code": code or self.code, "born_on": born_on})
        return client, answer

    def enter(self) -> Client:
        client, answer = self.door()
        assert answer.status_code == 302, answer.content
        return client

    def wait_is_over(self) -> None:
        PatientLink.objects.filter(pk=self.link_id).update(next_try_at=now())


@pytest.fixture
def own(thread: Any) -> OwnPage:
    made = portal.give_link(patient_id=thread.bench.patient_id, code_way="phone", by=thread.bench.pharmacist)
    return OwnPage(UUID(made["id"]), made["token"], made["code"])
