# SPDX-License-Identifier: Apache-2.0
"""No chair is taken twice at once, turnover with it. Visits in a suite leave the rule of one place: a nurse watches several."""
from __future__ import annotations

from django.db import migrations


def _hashed(column: str) -> str:
    return f"int8range(uuid_hash_extended({column}, 0) >> 1, uuid_hash_extended({column}, 0) >> 1, '[]') WITH &&"


_ONE_PLACE = """
    ALTER TABLE nursing_nursevisit ADD CONSTRAINT visit_one_place_at_a_time EXCLUDE USING gist (
        {organization}, {nurse}, tstzrange(planned_start, planned_end) WITH &&
    ) WHERE (
        nurse IS NOT NULL AND planned_start IS NOT NULL {homes}
        AND state IN ('offered', 'accepted', 'confirmed', 'en_route', 'in_progress')
    )
"""
_PARTS = {"organization": _hashed("organization_id"), "nurse": _hashed("nurse")}
_DROP = "ALTER TABLE nursing_nursevisit DROP CONSTRAINT visit_one_place_at_a_time"


class Migration(migrations.Migration):
    dependencies = [("nursing", "0005_suite_appointments")]

    operations = [
        migrations.RunSQL(
            f"""
            ALTER TABLE nursing_appointment ADD CONSTRAINT chair_one_patient_at_a_time EXCLUDE USING gist (
                {_hashed("organization_id")}, {_hashed("chair_id")}, tstzrange(starts_at, turnover_ends_at) WITH &&
            ) WHERE (
                chair_id IS NOT NULL AND starts_at IS NOT NULL
                AND state IN ('booked', 'checked_in', 'pre_med', 'infusing', 'observing')
            )
            """,
            "ALTER TABLE nursing_appointment DROP CONSTRAINT chair_one_patient_at_a_time",
        ),
        migrations.RunSQL(_DROP, _ONE_PLACE.format(**_PARTS, homes="")),
        migrations.RunSQL(_ONE_PLACE.format(**_PARTS, homes="AND NOT in_suite"), _DROP),
    ]
