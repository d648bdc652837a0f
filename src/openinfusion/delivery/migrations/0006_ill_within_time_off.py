# SPDX-License-Identifier: Apache-2.0
"""Being ill is a kind of its own: a driver falls ill whatever time off is planned, and is ill once at a time.

The rule of vehicles is raised again after it, so that a driver's own overlap is still what is told first.
"""
from __future__ import annotations

from django.db import migrations


def _hashed(column: str, of: str = "uuid_hash_extended") -> str:
    return f"int8range({of}({column}, 0) >> 1, {of}({column}, 0) >> 1, '[]') WITH &&"


_HOURS = "tstzrange(starts_at, ends_at) WITH &&"


def _drop(name: str) -> str:
    return f"ALTER TABLE delivery_drivertime DROP CONSTRAINT {name}"


def _driver(kind: str) -> str:
    return f"""
        ALTER TABLE delivery_drivertime ADD CONSTRAINT driver_time_no_overlap EXCLUDE USING gist (
            {_hashed("organization_id")}, {_hashed("driver")}, {_hashed(kind, "hashtextextended")}, {_HOURS}
        ) WHERE (NOT ended)
    """


_VEHICLE = f"""
    ALTER TABLE delivery_drivertime ADD CONSTRAINT vehicle_one_shift_at_a_time EXCLUDE USING gist (
        {_hashed("organization_id")}, {_hashed("vehicle_id")}, {_HOURS}
    ) WHERE (NOT ended AND vehicle_id IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_concerns_in_clinical")]

    operations = [
        migrations.RunSQL(_drop("driver_time_no_overlap"), _driver("kind")),
        migrations.RunSQL(_drop("vehicle_one_shift_at_a_time"), _VEHICLE),
        migrations.RunSQL(_driver("(CASE WHEN sick THEN 'sick' ELSE kind END)"), _drop("driver_time_no_overlap")),
        migrations.RunSQL(_VEHICLE, _drop("vehicle_one_shift_at_a_time")),
    ]
