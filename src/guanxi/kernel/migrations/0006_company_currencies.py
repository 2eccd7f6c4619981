from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_settled_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="currencies",
            field=models.JSONField(default=list),
        ),
    ]
