from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0002_guards"), ("rules", "0004_acted_on")]
    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="scan",
            field=models.CharField(
                choices=[
                    ("unscanned", "unscanned"),
                    ("waiting", "waiting"),
                    ("clean", "clean"),
                    ("infected", "infected"),
                ],
                default="unscanned",
                db_default="unscanned",
                max_length=10,
            ),
        ),
    ]
