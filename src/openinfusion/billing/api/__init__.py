# SPDX-License-Identifier: Apache-2.0
"""Billing as JSON: claims; remittances, denials and money; patients' accounts and the month's close."""
from __future__ import annotations

from openinfusion.billing.api import accounts, cash, claims
from openinfusion.platform.api import router_for

router = router_for("billing")
claims.add_to(router)
cash.add_to(router)
accounts.add_to(router)
