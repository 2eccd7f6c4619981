from django.db import migrations
from django.db.models import Exists, OuterRef


def keep_deal_status(apps, schema_editor):
    """Whoever has a won opportunity that is valid has bought."""
    won = apps.get_model("sales", "Opportunity")._all.filter(
        customer=OuterRef("pk"), stage__kind="won", voided_at__isnull=True
    )
    customers = apps.get_model("customers", "Customer")._all
    customers.filter(Exists(won)).update(deal_status="dealt")


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0004_competitive_position"),
        ("customers", "0007_credit_and_deals"),
    ]

    operations = [migrations.RunPython(keep_deal_status, migrations.RunPython.noop)]
