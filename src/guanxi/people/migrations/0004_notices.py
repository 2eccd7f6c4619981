from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_holidays"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unread",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
