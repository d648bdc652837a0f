# SPDX-License-Identifier: Apache-2.0
"""What every test shares; the fixtures themselves stand in openinfusion.platform.testing."""
from __future__ import annotations

from hypothesis import HealthCheck, settings

from openinfusion.platform.testing import django_db_setup  # noqa: F401  (stands in for pytest-django's own)

settings.register_profile("ci", max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")
