# SPDX-License-Identifier: Apache-2.0
"""A plan has a last day, at most six after its first; what it covers is in force when it is, held by a trigger.

The rows are taken in one order, so that two plans accepted at the same moment wait for each other instead of locking up.
"""
from __future__ import annotations

import datetime

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('dispatch', '0004_fill_sites_and_days')]

    operations = [
        migrations.AlterField(model_name='dayplan', name='last_day', field=models.DateField()),
        migrations.AlterField(model_name='dayplanevent', name='last_day', field=models.DateField()),
        migrations.AddConstraint(
            model_name='dayplan',
            constraint=models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('day')), ('last_day__lte', django.db.models.expressions.CombinedExpression(models.F('day'), '+', models.Value(datetime.timedelta(days=6))))), name='day_plan_of_a_week_at_most'),
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION dispatch_cover_follows() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE held uuid;
            BEGIN
                FOR held IN
                    SELECT id FROM dispatch_plancover
                    WHERE organization_id = NEW.organization_id AND plan_id = NEW.id ORDER BY day, site_id
                LOOP
                    UPDATE dispatch_plancover SET in_force = (NEW.state = 'accepted') WHERE id = held;
                END LOOP;
                RETURN NULL;
            END $$;
            CREATE TRIGGER plan_cover_follows AFTER UPDATE OF state ON dispatch_dayplan FOR EACH ROW
            WHEN (OLD.state IS DISTINCT FROM NEW.state AND 'accepted' IN (OLD.state, NEW.state))
            EXECUTE FUNCTION dispatch_cover_follows();
            """,
            "DROP TRIGGER plan_cover_follows ON dispatch_dayplan; DROP FUNCTION dispatch_cover_follows()",
        ),
    ]
