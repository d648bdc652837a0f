# SPDX-License-Identifier: Apache-2.0
"""A house that can take bundles."""
from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from uuid import UUID

import pytest

from openinfusion.catalog import public as catalog
from openinfusion.kernel.roles import Role
from openinfusion.payers import public as payers
from openinfusion.platform.actor import Actor


@pytest.fixture
def house(scope: UUID, someone: Callable[..., Actor]) -> SimpleNamespace:
    administrator = someone(Role.ADMINISTRATOR)
    catalog.load_catalog(by=administrator)
    payers.load_payers(by=administrator)
    return SimpleNamespace(intake=someone(Role.INTAKE), driver=someone(Role.DRIVER))
