# SPDX-License-Identifier: Apache-2.0
"""The words of payers that pure parts of other rooms speak: what is wanted before an authorization. No news yet."""
from __future__ import annotations

from openinfusion.payers.domain.criterion import Criterion, CriterionKind

__all__ = ["Criterion", "CriterionKind"]
