# SPDX-License-Identifier: Apache-2.0
"""Hard stops passed in an emergency."""

import django.contrib.postgres.fields
import django.db.models.deletion
import openinfusion.kernel.ids
import openinfusion.platform.clock
import openinfusion.platform.record
import openinfusion.platform.scope
import pghistory.utils
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0006_on_call'),
        ('patients', '0002_medication'),
        ('therapy', '0004_regimen'),
    ]

    operations = [
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', models.UUIDField(default=openinfusion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organization', openinfusion.platform.record.OrganizationField(default=openinfusion.platform.scope.owning_organization_id, editable=False)),
                ('made_at', models.DateTimeField(default=openinfusion.platform.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.TextField(choices=[('proposed', 'proposed'), ('in_force', 'in force'), ('lapsed', 'lapsed'), ('reviewed', 'reviewed'), ('withdrawn', 'withdrawn')], default='proposed', editable=False)),
                ('fingerprint', models.TextField()),
                ('code', models.TextField()),
                ('title', models.TextField()),
                ('text', models.TextField()),
                ('evidence', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('reason_code', models.TextField()),
                ('note', models.TextField()),
                ('prescriber', models.TextField()),
                ('reached_at', models.DateTimeField()),
                ('proposed_by', models.UUIDField()),
                ('proposer_name', models.TextField()),
                ('confirmed_by', models.UUIDField(null=True)),
                ('confirmer_name', models.TextField(default='')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('review_due_at', models.DateTimeField(null=True)),
                ('reviewed_by', models.UUIDField(null=True)),
                ('reviewer_name', models.TextField(default='')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('judgement', models.TextField(default='')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('prescription', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='therapy.prescription')),
                ('review', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinical.review')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BreakGlassEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.UUIDField(default=openinfusion.kernel.ids.new_id, editable=False, serialize=False)),
                ('organization', openinfusion.platform.record.OrganizationField(default=openinfusion.platform.scope.owning_organization_id, editable=False)),
                ('made_at', models.DateTimeField(default=openinfusion.platform.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.TextField(choices=[('proposed', 'proposed'), ('in_force', 'in force'), ('lapsed', 'lapsed'), ('reviewed', 'reviewed'), ('withdrawn', 'withdrawn')], default='proposed', editable=False)),
                ('fingerprint', models.TextField()),
                ('code', models.TextField()),
                ('title', models.TextField()),
                ('text', models.TextField()),
                ('evidence', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('reason_code', models.TextField()),
                ('note', models.TextField()),
                ('prescriber', models.TextField()),
                ('reached_at', models.DateTimeField()),
                ('proposed_by', models.UUIDField()),
                ('proposer_name', models.TextField()),
                ('confirmed_by', models.UUIDField(null=True)),
                ('confirmer_name', models.TextField(default='')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('review_due_at', models.DateTimeField(null=True)),
                ('reviewed_by', models.UUIDField(null=True)),
                ('reviewer_name', models.TextField(default='')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('judgement', models.TextField(default='')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='patients.patient')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clinical.breakglass')),
                ('prescription', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapy.prescription')),
                ('review', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='clinical.review')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='breakglass',
            index=models.Index(fields=['organization', 'state', 'review_due_at'], name='pass_queue'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'in_force'])), fields=('organization', 'review', 'fingerprint'), name='pass_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('in_force', 'lapsed', 'reviewed')), _negated=True), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('ends_at__gt', models.F('confirmed_at')), ('ends_at__isnull', False), ('review_due_at__isnull', False), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='pass_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'reviewed'), _negated=True), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('judgement', ''), _negated=True), models.Q(('reviewed_by', models.F('proposed_by')), _negated=True), models.Q(('reviewed_by', models.F('confirmed_by')), _negated=True)), _connector='OR'), name='pass_reviewed_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason_code', ''), _negated=True), models.Q(('note', ''), _negated=True), models.Q(('prescriber', ''), _negated=True)), name='pass_says_why_and_who_was_called'),
        ),
    ]
