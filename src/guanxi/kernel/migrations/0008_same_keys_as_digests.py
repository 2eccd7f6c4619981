from hashlib import blake2b

from django.db import migrations, models

CHUNK = 2_000


def carry_over(apps, schema_editor):
    old, new = apps.get_model("kernel", "OldSameKey"), apps.get_model("kernel", "SameKey")
    last = 0
    while rows := list(old.objects.filter(id__gt=last).order_by("id")[:CHUNK]):
        last = rows[-1].pk
        new.objects.bulk_create(
            new(
                book=row.book,
                object=row.object,
                digest=digest_of(f"{row.object}\x1f{row.rule}\x1f{row.key}"),
                record_id=row.record_id,
            )
            for row in rows
        )


def digest_of(text):
    """As `kernel.same.digest_of` when this was written."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


class Migration(migrations.Migration):
    """Keys over 160 characters had been replaced by a SHA-256, which is carried over as it is: such
    a name and its like are found again once one of them is edited."""

    dependencies = [("kernel", "0007_one_index_of_batches")]

    operations = [
        migrations.RemoveIndex("samekey", "same_key"),
        migrations.RemoveIndex("samekey", "same_record"),
        migrations.RenameModel("SameKey", "OldSameKey"),
        migrations.CreateModel(
            name="SameKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("book", models.PositiveSmallIntegerField(default=1)),
                ("object", models.CharField(max_length=80)),
                ("digest", models.BigIntegerField()),
                ("record_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["digest"], name="same_digest"),
                    models.Index(fields=["record_id"], name="same_record_id"),
                ],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel("OldSameKey"),
    ]
