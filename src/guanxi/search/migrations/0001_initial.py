from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Layout",
            fields=[
                (
                    "object",
                    models.CharField(max_length=80, primary_key=True, serialize=False),
                ),
                ("fields", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Recent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("object", models.CharField(max_length=80)),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person_id", "-at"], name="recent_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person_id", "object", "record_id"), name="recent_once"
                    )
                ],
            },
        ),
    ]
