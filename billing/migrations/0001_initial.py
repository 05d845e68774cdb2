import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", models.CharField(max_length=64)),
                ("plan", models.CharField(max_length=100)),
                ("cycle_months", models.PositiveSmallIntegerField(verbose_name="months of a period")),
                ("currency", models.CharField(max_length=3)),
                (
                    "amount_minor",
                    models.BigIntegerField(help_text="675.00 is 67500.", verbose_name="amount in minor units"),
                ),
                (
                    "from_on",
                    models.DateField(help_text="Periods that begin on this day or later.", verbose_name="from"),
                ),
            ],
            options={
                "ordering": ("vendor", "plan", "cycle_months", "-from_on"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "plan", "cycle_months", "from_on"), name="one_price_per_day"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gte", 0)), name="price_not_negative"),
                    models.CheckConstraint(condition=models.Q(("cycle_months__gte", 1)), name="price_of_some_months"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_index", models.PositiveIntegerField(help_text="The period it pays for.")),
                ("vendor", models.CharField(max_length=64)),
                ("sheet", models.CharField(max_length=80)),
                ("plan", models.CharField(max_length=100)),
                ("quantity", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField()),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                ("because", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="accounts.subscription"
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="billing.price"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "period_index"), name="one_invoice_per_period"),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gte", 0)), name="invoice_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lte", models.F("period_end"))),
                        name="invoice_period_in_order",
                    ),
                ],
            },
        ),
    ]
