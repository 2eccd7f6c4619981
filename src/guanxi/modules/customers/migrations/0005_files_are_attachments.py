"""Files of customers stand beside them as those of every record do."""

from django.db import migrations

CUSTOMER = "customers.customer"
AT_ONCE = 500


def attach_files(apps, schema_editor):
    """Each child row becomes an attachment of whoever uploaded it, at that time."""
    rows = apps.get_model("customers", "CustomerFile")._all.select_related("customer", "file")
    found = []
    for row in rows.filter(file__isnull=False).order_by("pk").iterator(AT_ONCE):
        found.append((row.customer_id, row.customer.book, row.file, row.note))
    _attach(apps, found)


def free_journal(apps, schema_editor):
    """Deleted customers keep their files, too; nothing is taken back into child rows any more."""
    payloads = apps.get_model("kernel", "Payload").objects.select_related("change")
    stored = apps.get_model("kernel", "StoredFile").objects
    for payload in payloads.filter(change__object=CUSTOMER, diff__has_key="files"):
        change = payload.change
        before, _after = payload.diff.pop("files")
        lines = before or [] if change.verb == "delete" else []
        files = stored.in_bulk([line["file_id"] for line in lines if line.get("file_id")])
        about = (change.record_id, change.book)
        _attach(
            apps,
            [
                (*about, files[line["file_id"]], line.get("note") or "")
                for line in lines
                if line.get("file_id") in files
            ],
        )
        payload.save(update_fields=("diff",))


def _attach(apps, found):
    entry = apps.get_model("talk", "Entry")
    people = apps.get_model("people", "Person")._all.in_bulk(
        {file.by_person_id for _customer, _book, file, _note in found} - {None}
    )
    made = [
        entry(
            book=book,
            object=CUSTOMER,
            record_id=customer,
            person_id=file.by_person_id,
            author=people[file.by_person_id].name if file.by_person_id in people else "",
            text=note,
            file=file,
        )
        for customer, book, file, note in found
    ]
    entry.objects.bulk_create(made, batch_size=AT_ONCE)
    # Creation stamps the present.
    for one in made:
        one.at = one.file.at
    entry.objects.bulk_update(made, ["at"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_next_contact_by_hand"),
        ("people", "0003_holidays"),
        ("talk", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(attach_files, migrations.RunPython.noop),
        migrations.RunPython(free_journal, migrations.RunPython.noop),
        migrations.DeleteModel(name="CustomerFile"),
    ]
