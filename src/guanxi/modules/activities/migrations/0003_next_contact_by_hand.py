from django.db import migrations
from django.db.models import Exists, F, OuterRef


def keep_days_by_hand(apps, schema_editor):
    """A next contact that no plan and no communication explains was chosen by people."""
    customers = apps.get_model("customers", "Customer")
    plans = apps.get_model("activities", "Plan")._all.filter(
        customer=OuterRef("pk"), due_on=OuterRef("next_contact_on"), state="planned"
    )
    said = apps.get_model("activities", "Communication")._all.filter(
        customer=OuterRef("pk"), next_on=OuterRef("next_contact_on")
    )
    chosen = customers._all.filter(next_contact_on__isnull=False)
    chosen.exclude(Exists(plans)).exclude(Exists(said)).update(next_by_hand=F("next_contact_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_plans"),
        ("customers", "0004_next_contact_by_hand"),
    ]

    operations = [migrations.RunPython(keep_days_by_hand, migrations.RunPython.noop)]
