# SPDX-License-Identifier: Apache-2.0
"""Pages of nursing."""
from __future__ import annotations
