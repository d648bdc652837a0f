# SPDX-License-Identifier: Apache-2.0
"""Exchange as JSON: FHIR bundles in; X12 files in and out."""
from __future__ import annotations

from openinfusion.exchange.api import fhir, x12
from openinfusion.platform.api import router_for

router = router_for("exchange")
fhir.add_to(router)
x12.add_to(router)
