# SPDX-License-Identifier: Apache-2.0
"""The router of payers."""
from __future__ import annotations

from openinfusion.platform.api import router_for

router = router_for("payers")
