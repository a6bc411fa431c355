"""The waiting list: who wishes for which resource, and what is kept for whom."""

import django.db.models.deletion
import django.db.models.functions.datetime
import staveworks.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0003_quotas'),
        ('catalogue', '0004_listing_guards'),
        ('parties', '0012_erased_revocations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bookable',
            name='keep_minutes',
            field=models.PositiveSmallIntegerField(db_default=120, default=120),
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.UUIDField(default=staveworks.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('request', models.JSONField()),
                ('units', models.PositiveIntegerField()),
                ('minutes', models.PositiveIntegerField()),
                ('earliest_at', models.DateTimeField()),
                ('latest_at', models.DateTimeField(help_text='it is over by then')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('kept', 'kept'), ('taken', 'taken'), ('declined', 'declined'), ('lapsed', 'lapsed'), ('left', 'left'), ('over', 'over')], default='waiting', max_length=10)),
                ('chain_id', models.UUIDField(help_text='of the hold', null=True)),
                ('line_id', models.UUIDField(help_text='of the line that it becomes', null=True)),
                ('starts_at', models.DateTimeField(help_text='of the time that is kept', null=True)),
                ('kept_until', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('moved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('buyer_org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.offer')),
                ('provider_org', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='booking.bookable')),
            ],
            options={
                'db_table': 'booking_wish',
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'kept'])), fields=['resource', 'made_at'], name='booking_wish_line'), models.Index(fields=['buyer_org', 'made_at'], name='booking_wish_of_buyer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'kept'])), fields=('resource', 'buyer_org'), name='booking_wish_once_in_a_list'), models.CheckConstraint(condition=models.Q(('buyer_org', models.F('provider_org')), _negated=True), name='booking_wish_two_parties'), models.CheckConstraint(condition=models.Q(('latest_at__gt', models.F('earliest_at')), ('minutes__gte', 1), ('units__gte', 1)), name='booking_wish_can_be_met'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['kept', 'taken']), _negated=True), models.Q(('chain_id__isnull', False), ('kept_until__isnull', False), ('line_id__isnull', False), ('starts_at__isnull', False)), _connector='OR'), name='booking_wish_kept_says_what'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'kept', 'taken', 'declined', 'lapsed', 'left', 'over'])), name='booking_wish_state')],
            },
        ),
    ]
