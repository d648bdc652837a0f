# SPDX-License-Identifier: Apache-2.0
"""A verb that a room allows: its code, a sentence, and the roles that hold it."""

from __future__ import annotations

from dataclasses import dataclass

from openinfusion.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class Permission:
    """``code`` is room.noun.verb; ``sentence`` says what its holder may do; ``roles`` hold it everywhere."""

    code: str
    sentence: str
    roles: frozenset[Role]
