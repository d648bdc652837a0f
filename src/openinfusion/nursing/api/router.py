# SPDX-License-Identifier: Apache-2.0
"""The router that nursing's operations share."""
from __future__ import annotations

from openinfusion.platform.api import router_for

router = router_for("nursing")
