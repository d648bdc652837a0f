# SPDX-License-Identifier: Apache-2.0
"""A new version of a master formulation on its way: drafted by one pharmacist, in force by another's signature."""

from __future__ import annotations

from openinfusion.catalog import permissions
from openinfusion.catalog.domain.draft import draft_machine

FORMULA_DRAFT = draft_machine("catalog.formula_draft", permissions.DRAFT_FORMULA, permissions.SIGN_FORMULA)
