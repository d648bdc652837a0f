# SPDX-License-Identifier: Apache-2.0
"""The one router of this room's addresses."""

from __future__ import annotations

from openinfusion.platform.api import router_for

router = router_for("dispatch")
