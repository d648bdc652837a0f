# SPDX-License-Identifier: Apache-2.0
"""Being ill is a kind of its own: a nurse falls ill whatever time off is planned, and is ill once at a time."""
from __future__ import annotations

from django.db import migrations, models


def _hashed(column: str, of: str = "uuid_hash_extended") -> str:
    return f"int8range({of}({column}, 0) >> 1, {of}({column}, 0) >> 1, '[]') WITH &&"


_DROP = "ALTER TABLE nursing_availability DROP CONSTRAINT availability_no_overlap"


def _add(kind: str) -> str:
    return f"""
        ALTER TABLE nursing_availability ADD CONSTRAINT availability_no_overlap EXCLUDE USING gist (
            {_hashed("organization_id")}, {_hashed("nurse")}, {_hashed(kind, "hashtextextended")},
            tstzrange(starts_at, ends_at) WITH &&
        ) WHERE (NOT ended)
    """


class Migration(migrations.Migration):
    dependencies = [("nursing", "0009_choice_of_days"), ("platform", "0001_initial")]

    operations = [
        migrations.AddField(model_name="availability", name="sick", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="availabilityevent", name="sick", field=models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="availability",
            constraint=models.CheckConstraint(
                condition=models.Q(("sick", False), ("kind", "off"), _connector="OR"), name="availability_sick_is_off"),
        ),
        migrations.RunSQL(_DROP, _add("kind")),
        migrations.RunSQL(_add("(CASE WHEN sick THEN 'sick' ELSE kind END)"), _DROP),
    ]
