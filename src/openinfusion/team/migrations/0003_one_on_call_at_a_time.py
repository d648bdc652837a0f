# SPDX-License-Identifier: Apache-2.0
"""A duty at a site is held by one person at a time: an exclusion over hashes of site and duty and the hours."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("team", "0002_on_call")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE team_oncallshift ADD CONSTRAINT shift_one_at_a_time EXCLUDE USING gist (
                int8range(uuid_hash_extended(site_id, 0) >> 1, uuid_hash_extended(site_id, 0) >> 1, '[]') WITH &&,
                int8range(hashtextextended(duty, 0) >> 1, hashtextextended(duty, 0) >> 1, '[]') WITH &&,
                tstzrange(starts_at, ends_at) WITH &&
            ) WHERE (taken_off_at IS NULL)
            """,
            "ALTER TABLE team_oncallshift DROP CONSTRAINT shift_one_at_a_time",
        ),
    ]
