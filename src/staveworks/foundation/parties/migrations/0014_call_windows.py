"""Calls of the API are counted in a table of their own: one statement a call, where a cache took eight."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0013_held_planned'),
    ]

    operations = [
        migrations.CreateModel(
            name='CallWindow',
            fields=[
                ('caller', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('since', models.DateTimeField(db_index=True)),
                ('calls', models.IntegerField()),
            ],
            options={
                'db_table': 'parties_call_window',
            },
        ),
    ]
