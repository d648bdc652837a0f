# SPDX-License-Identifier: Apache-2.0
"""Pages of delivery."""
from __future__ import annotations
