# SPDX-License-Identifier: Apache-2.0
"""A new version of a therapy template on its way: drafted by one pharmacist, in force by another's signature."""

from __future__ import annotations

from openinfusion.catalog import permissions
from openinfusion.catalog.domain.draft import DraftFacts as TemplateDraftFacts
from openinfusion.catalog.domain.draft import DraftState as TemplateDraftState
from openinfusion.catalog.domain.draft import draft_machine

__all__ = ["TEMPLATE_DRAFT", "TemplateDraftFacts", "TemplateDraftState"]

TEMPLATE_DRAFT = draft_machine("catalog.template_draft", permissions.DRAFT_TEMPLATE, permissions.SIGN_TEMPLATE)
