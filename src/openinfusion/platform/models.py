# SPDX-License-Identifier: Apache-2.0
"""What rooms build their tables with, and the platform's own tables."""

from __future__ import annotations

from openinfusion.platform.record import Record, choice_field, degrees, ref, state_field, tracked, whole_position
from openinfusion.platform.tables.files import StoredFile
from openinfusion.platform.tables.journal import Call, Entry, Head, Told, Untold
from openinfusion.platform.tables.organization import Organization, Site
from openinfusion.platform.tables.people import ApiToken, RoleGrant, User

__all__ = [
    "ApiToken",
    "Call",
    "Entry",
    "Head",
    "Organization",
    "Record",
    "RoleGrant",
    "Site",
    "StoredFile",
    "Told",
    "Untold",
    "User",
    "choice_field",
    "degrees",
    "ref",
    "state_field",
    "tracked",
    "whole_position",
]
