# SPDX-License-Identifier: Apache-2.0
"""Pages of insight."""
from __future__ import annotations
