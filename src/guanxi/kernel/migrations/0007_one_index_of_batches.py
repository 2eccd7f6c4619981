import django.db.models.deletion
from django.db import migrations, models

NAME = '"kernel_change_batch_id_caacf496"'


class Migration(migrations.Migration):
    """`change_of_batch` begins with the same column. On SQLite altering the field would copy the
    whole journal to drop this one index."""

    dependencies = [
        ("kernel", "0006_company_currencies"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {NAME}",
                    f'CREATE INDEX {NAME} ON "kernel_change" ("batch_id")',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="change",
                    name="batch",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.batch",
                    ),
                ),
            ],
        ),
    ]
