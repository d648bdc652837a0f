# SPDX-License-Identifier: Apache-2.0
"""The loaded payers, the people who work on contracts, and their browsers."""
from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor


@pytest.fixture
def desk(scope: UUID, someone: Callable[..., Actor]) -> SimpleNamespace:
    """Payers of every type, loaded; a biller who enters, an executive who approves, and others."""
    payers.load_payers(by=someone(Role.ADMINISTRATOR))
    return SimpleNamespace(
        plans={p.code: p for p in payers.plans()}, payers={p.code: p for p in payers.payers()}, biller=someone(Role.BILLER),
        second=someone(Role.BILLER), executive=someone(Role.EXECUTIVE), nurse=someone(Role.NURSE),
    )


@pytest.fixture
def browser(account: Callable[..., Any]) -> Callable[..., Client]:
    """browser(Role...) → a client that is signed in."""
    def make(*roles: Role) -> Client:
        client = Client()
        client.force_login(account(*roles), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
    return make
