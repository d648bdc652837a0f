"""A hood stands in a room; its room's name and failure are the room's own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("sites", "0003_hoods_stand_in_rooms")]

    operations = [
        *(
            migrations.RemoveField(model_name=model, name=name)
            for model in ("hood", "hoodevent")
            for name in ("room_failed", "room_name")
        ),
        migrations.AlterField(
            model_name="hood",
            name="room",
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sites.cleanroom"),
        ),
        migrations.AlterField(
            model_name="hoodevent",
            name="room",
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", related_query_name="+", to="sites.cleanroom"),
        ),
    ]
