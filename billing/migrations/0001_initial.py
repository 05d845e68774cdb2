import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import backoffice.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "invoice"), ("credit_note", "credit note")],
                        default="invoice",
                        max_length=11,
                    ),
                ),
                ("key", models.CharField(help_text="What made it due.", max_length=100, unique=True)),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("currency", models.CharField(max_length=3)),
                ("net_minor", models.BigIntegerField(verbose_name="net, in minor units")),
                ("tax_minor", models.BigIntegerField(default=0, verbose_name="tax, in minor units")),
                ("total_minor", models.BigIntegerField(verbose_name="total, in minor units")),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "pay_by",
                    models.DateField(blank=True, help_text="Last day before what is not paid is void.", null=True),
                ),
                (
                    "leave_by",
                    models.DateField(
                        blank=True,
                        help_text="Last day for a notice that spares the customer what is charged.",
                        null=True,
                    ),
                ),
                ("because", models.JSONField()),
                (
                    "told_on",
                    models.DateField(
                        blank=True,
                        help_text="The day whose run wrote the letter that goes with it.",
                        null=True,
                        verbose_name="letter written on",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="billing.invoice",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invoices", to="accounts.customer"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_on__isnull", True)), fields=["vendor", "id"], name="invoice_to_tell"
                    ),
                    models.Index(fields=["vendor", "issued_on"], name="invoice_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "credit_note"])), name="invoice_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("net_minor__gte", 0), ("tax_minor__gte", 0)), name="invoice_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_minor"), "+", models.F("tax_minor")
                                ),
                            )
                        ),
                        name="invoice_total_is_net_and_tax",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "credit_note"), ("corrects__isnull", True), _connector="OR"),
                        name="invoice_corrects_by_credit_note",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="What tells this payment from every other.", max_length=100, unique=True
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("card", "card"),
                            ("paypal", "PayPal"),
                            ("bank_transfer", "bank transfer"),
                            ("bitcoin", "Bitcoin"),
                            ("check", "cheque"),
                            ("credit", "our credit"),
                        ],
                        max_length=16,
                        verbose_name="paid by",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(verbose_name="amount in minor units")),
                ("left_minor", models.BigIntegerField(verbose_name="pays nothing yet, in minor units")),
                ("returned_minor", models.BigIntegerField(default=0, verbose_name="went back, in minor units")),
                ("received_on", models.DateField()),
                ("reference", models.CharField(blank=True, help_text="What the payer wrote.", max_length=140)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="accounts.customer"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_minor__gt", 0)),
                        fields=["customer", "received_on", "id"],
                        name="payment_unspent",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="payment_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(("left_minor__gte", 0), ("returned_minor__gte", 0)),
                        name="payment_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount_minor__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("left_minor"), "+", models.F("returned_minor")
                                ),
                            )
                        ),
                        name="payment_pays_what_it_is",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateTable",
            fields=[
                (
                    "series",
                    models.CharField(
                        choices=[
                            ("bank_of_england", "base rate of the Bank of England"),
                            ("french_legal", "French legal interest rate, for professionals"),
                            ("bulgarian_statutory", "Bulgarian statutory rate of late payment"),
                        ],
                        max_length=24,
                        primary_key=True,
                        serialize=False,
                        verbose_name="rate",
                    ),
                ),
                ("publisher", models.CharField(help_text="Where it is published.", max_length=200)),
                ("looked_on", models.DateField(blank=True, null=True, verbose_name="last looked at")),
                (
                    "alarmed_on",
                    models.DateField(
                        blank=True,
                        help_text="The day that found nobody had looked for too long.",
                        null=True,
                        verbose_name="out of date since",
                    ),
                ),
            ],
            options={
                "ordering": ("series",),
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("prefix", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("next_number", models.PositiveBigIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "series",
            },
        ),
        migrations.CreateModel(
            name="CreditClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("voice", "voice"),
                            ("chat", "chat"),
                            ("email", "e-mail"),
                            ("exchange", "hosted mailboxes"),
                        ],
                        max_length=8,
                    ),
                ),
                ("month", models.CharField(help_text="As 2026-04: the month in which the outage began.", max_length=7)),
                ("claimed_on", models.DateField(verbose_name="claimed on")),
                ("claim_by", models.DateField(blank=True, null=True, verbose_name="to be claimed by")),
                ("answer_from", models.DateField(blank=True, null=True, verbose_name="answered from")),
                ("answer_by", models.DateField(blank=True, null=True, verbose_name="answered by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be validated"),
                            ("waits", "waits until a breach is cured"),
                            ("granted", "credited"),
                            ("refused", "refused"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "users_affected",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="users on what failed"),
                ),
                (
                    "availability",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True, verbose_name="available, in percent"
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="credit, in percent"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=24, verbose_name="why nothing is credited")),
                ("fee_minor", models.BigIntegerField(default=0, verbose_name="fee of the month, in minor units")),
                ("credit_minor", models.BigIntegerField(default=0, verbose_name="credit, in minor units")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_claims",
                        to="accounts.subscription",
                    ),
                ),
                (
                    "credit",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credited_claim",
                        to="billing.invoice",
                        verbose_name="credit note",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim for a credit",
                "verbose_name_plural": "claims for credits",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("credit__isnull", True), ("state", "granted")),
                        fields=["vendor", "id"],
                        name="claim_to_apply",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["open", "waits"])),
                        fields=["answer_by"],
                        name="claim_to_answer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "service", "month"), name="one_claim_per_month"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "waits", "granted", "refused"])),
                        name="claim_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_minor__gt", 0), ("state", "granted")),
                            models.Q(
                                models.Q(("state", "granted"), _negated=True),
                                ("credit__isnull", True),
                                ("credit_minor", 0),
                            ),
                            _connector="OR",
                        ),
                        name="claim_credited_when_granted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("decided_on__isnull", False), _connector="OR"),
                        name="claim_answered_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "granted"), ("fee_minor__gte", 0), _connector="OR"),
                        name="claim_fee_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="What made it due.", max_length=120, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "invoice"),
                            ("credit_note", "credit note"),
                            ("payment", "payment"),
                            ("allocation", "allocation of a payment"),
                            ("late_charge", "late charge"),
                            ("fee", "fee"),
                            ("refund", "refund"),
                            ("return", "returned payment"),
                            ("void", "void or given up"),
                            ("wholesale", "the vendor's side"),
                        ],
                        max_length=12,
                    ),
                ),
                ("on", models.DateField(verbose_name="booked on")),
                (
                    "text",
                    models.CharField(help_text="As a statement of account tells it; names no person.", max_length=200),
                ),
                ("vendor", backoffice.fields.VendorField(blank=True, max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "sides",
                    models.PositiveSmallIntegerField(
                        help_text="How many legs it has, so that none is added later.", verbose_name="legs"
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger entries",
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["on", "id"], name="entry_by_day")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sides__gte", 2)), name="entry_of_two_or_more")
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported_on", models.DateField()),
                ("started_at", models.DateTimeField()),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, help_text="Empty where the customer did not tell.", null=True),
                ),
                ("users_affected", models.PositiveIntegerField(blank=True, null=True)),
                ("traceroutes", models.PositiveSmallIntegerField(default=0)),
                ("evidence", models.TextField(blank=True, verbose_name="the traceroutes")),
                ("detail", models.TextField(blank=True, verbose_name="what was observed")),
                ("created_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="billing.creditclaim"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="FeeOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("restoration", "restoring what was deleted"),
                            ("support", "support ordered for itself"),
                            ("migration", "moving data over"),
                            ("bandwidth", "excess bandwidth"),
                            ("licence", "licence that is not certified"),
                        ],
                        max_length=12,
                        verbose_name="what for",
                    ),
                ),
                ("text", models.TextField(help_text="As the customer is told.", verbose_name="what it is about")),
                (
                    "estimate",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="What is charged is what it was.",
                        max_digits=9,
                        verbose_name="estimated hours or units",
                    ),
                ),
                (
                    "unit_minor",
                    models.BigIntegerField(blank=True, null=True, verbose_name="price of one, in minor units"),
                ),
                ("told_on", models.DateField(verbose_name="told on")),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.EmailField(blank=True, help_text="The administrator who approved it.", max_length=254),
                ),
                ("backup_confirmed", models.BooleanField(default=False, verbose_name="has a backup")),
                ("do_by", models.DateTimeField(blank=True, null=True, verbose_name="to be done by")),
                (
                    "units",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="hours or units"
                    ),
                ),
                ("charged_on", models.DateField(blank=True, null=True)),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_orders",
                        to="accounts.subscription",
                    ),
                ),
                (
                    "bill",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_order",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "order for a fee",
                "verbose_name_plural": "orders for fees",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(condition=models.Q(("bill__isnull", True)), fields=["do_by"], name="fee_order_to_do")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("restoration", "support", "migration", "bandwidth", "licence"))
                        ),
                        name="fee_order_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bill__isnull", True), ("charged_on__isnull", True)),
                            models.Q(("bill__isnull", False), ("charged_on__isnull", False), ("units__isnull", False)),
                            _connector="OR",
                        ),
                        name="fee_order_charged_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at__isnull", True), models.Q(("approved_by", ""), _negated=True), _connector="OR"
                        ),
                        name="fee_order_approved_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("raised_on", models.DateField(verbose_name="received on")),
                (
                    "deadline",
                    models.DateField(
                        blank=True,
                        help_text="Empty where the contract names none.",
                        null=True,
                        verbose_name="in time until",
                    ),
                ),
                ("facts", models.TextField(help_text="What the customer says is wrong with the bill.")),
                ("disputed_minor", models.BigIntegerField(verbose_name="disputed, in minor units")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be answered"),
                            ("waived", "raised too late"),
                            ("upheld", "found right"),
                            ("rejected", "found wrong"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                (
                    "answer",
                    models.TextField(blank=True, help_text="What was found. The customer is told this, word for word."),
                ),
                ("credit_minor", models.BigIntegerField(default=0, verbose_name="to be credited, in minor units")),
                ("credit_on", models.DateField(blank=True, null=True, verbose_name="is credited on")),
                ("because", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.ForeignKey(
                        help_text="How it came.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="accounts.receivednotice",
                        verbose_name="received",
                    ),
                ),
                (
                    "credit",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credited_dispute",
                        to="billing.invoice",
                        verbose_name="credit note",
                    ),
                ),
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dispute", to="billing.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("credit__isnull", True), ("state", "upheld")),
                        fields=["vendor", "credit_on", "id"],
                        name="dispute_to_credit",
                    ),
                    models.Index(condition=models.Q(("state", "open")), fields=["raised_on"], name="dispute_to_answer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "waived", "upheld", "rejected"])),
                        name="dispute_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("disputed_minor__gt", 0)), name="dispute_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_minor__gt", 0), ("credit_on__isnull", False), ("state", "upheld")),
                            models.Q(
                                models.Q(("state", "upheld"), _negated=True),
                                ("credit__isnull", True),
                                ("credit_minor", 0),
                                ("credit_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_credited_when_right",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit_minor__lte", models.F("disputed_minor"))),
                        name="dispute_credit_not_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "waived"]), ("answered_on__isnull", False), _connector="OR"
                        ),
                        name="dispute_answered_on",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leg",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("receivable", "owed by customers"),
                            ("bank", "bank"),
                            ("card", "card processor"),
                            ("paypal", "PayPal"),
                            ("bitcoin", "Bitcoin"),
                            ("check", "cheques"),
                            ("credit", "customers' credit"),
                            ("unmatched", "payments of nobody known"),
                            ("tax", "value added tax"),
                            ("revenue", "sales"),
                            ("late_charges", "late charges"),
                            ("fees", "other fees"),
                            ("recovery", "costs of recovering debts"),
                            ("refunds", "refunds"),
                            ("service_credits", "credits for outages"),
                            ("uncollected", "given up or void"),
                            ("cost", "wholesale"),
                            ("payable", "owed to vendors"),
                            ("vendor_claims", "owed by vendors"),
                        ],
                        max_length=16,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "minor",
                    models.BigIntegerField(
                        help_text="A debit is positive, a credit negative.", verbose_name="minor units"
                    ),
                ),
                ("vendor", backoffice.fields.VendorField(blank=True, max_length=64, verbose_name="contract")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_legs",
                        to="accounts.customer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="legs", to="billing.entry"
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_legs",
                        to="billing.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger leg",
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "account", "currency"],
                        include=("minor",),
                        name="leg_of_customer",
                    ),
                    models.Index(
                        condition=models.Q(("invoice__isnull", False)),
                        fields=["invoice", "account"],
                        include=("minor",),
                        name="leg_of_invoice",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("minor", 0), _negated=True), name="leg_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="Maintenance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "service",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("voice", "voice"),
                            ("chat", "chat"),
                            ("email", "e-mail"),
                            ("exchange", "hosted mailboxes"),
                        ],
                        help_text="Empty for all services.",
                        max_length=8,
                    ),
                ),
                ("server", models.CharField(blank=True, help_text="Empty for all servers.", max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[("planned", "planned"), ("hot_fix", "urgent fix")], default="planned", max_length=8
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("text", models.TextField(blank=True, help_text="As customers are told.", verbose_name="what is done")),
                ("tell_on", models.DateField(verbose_name="customers are told on")),
                ("reached", models.BigIntegerField(default=0, editable=False)),
                ("told_on", models.DateField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "verbose_name_plural": "maintenance",
                "ordering": ("-begins_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_on__isnull", True)),
                        fields=["vendor", "tell_on", "id"],
                        name="maintenance_to_tell",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["planned", "hot_fix"])), name="maintenance_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("service__in", ["", "voice", "chat", "email", "exchange"])),
                        name="maintenance_service_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="maintenance_in_order",
                        violation_error_message="It ends after it begins.",
                    ),
                    models.UniqueConstraint(
                        fields=("vendor", "service", "server", "begins_at"),
                        name="maintenance_once",
                        violation_error_message="This maintenance is in the calendar already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="What tells it from every other.", max_length=100, unique=True)),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "service",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("voice", "voice"),
                            ("chat", "chat"),
                            ("email", "e-mail"),
                            ("exchange", "hosted mailboxes"),
                        ],
                        help_text="Empty for all services.",
                        max_length=8,
                    ),
                ),
                (
                    "server",
                    models.CharField(blank=True, help_text="The one that failed; empty for all.", max_length=100),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, help_text="Empty while it lasts.", null=True)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("server", "server"),
                            ("planned_maintenance", "planned maintenance"),
                            ("hot_fix", "hot fix"),
                            ("customer_side", "customer side"),
                            ("network_attack", "network attack"),
                            ("dns", "dns"),
                            ("flooding", "flooding"),
                            ("software_bug", "software bug"),
                            ("datacenter", "datacenter"),
                            ("aup_breach", "aup breach"),
                        ],
                        max_length=24,
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose breach caused it. It earns that customer nothing.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outages",
                        to="accounts.conductcase",
                        verbose_name="conduct case",
                    ),
                ),
                (
                    "maintenance",
                    models.ForeignKey(
                        blank=True,
                        help_text="The work that it comes from. Whom nobody told of that in time, it counts for as an outage.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outages",
                        to="billing.maintenance",
                    ),
                ),
            ],
            options={
                "ordering": ("-began_at", "-id"),
                "indexes": [models.Index(fields=["vendor", "began_at"], name="outage_of_vendor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                        ),
                        name="outage_in_order",
                        violation_error_message="It ends after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("service__in", ["", "voice", "chat", "email", "exchange"])),
                        name="outage_service_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                (
                                    "server",
                                    "planned_maintenance",
                                    "hot_fix",
                                    "customer_side",
                                    "network_attack",
                                    "dns",
                                    "flooding",
                                    "software_bug",
                                    "datacenter",
                                    "aup_breach",
                                ),
                            )
                        ),
                        name="outage_cause_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentRequest",
            fields=[
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="request",
                        serialize=False,
                        to="billing.payment",
                    ),
                ),
                (
                    "body_hash",
                    models.CharField(help_text="SHA-256 of what was asked for, in one form of many.", max_length=64),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Chargeback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="What tells it from every other.", max_length=100, unique=True)),
                ("on", models.DateField(verbose_name="charged back on")),
                ("minor", models.BigIntegerField(verbose_name="went back, in minor units")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "fee",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_of_chargeback",
                        to="billing.invoice",
                        verbose_name="fee charged by",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chargebacks",
                        to="billing.invoice",
                        verbose_name="bill",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chargebacks", to="billing.payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "charge-back",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("minor__gt", 0)), name="chargeback_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(help_text="The account and the bank's reference.", max_length=100, unique=True),
                ),
                ("booked_on", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "minor",
                    models.BigIntegerField(
                        help_text="Came where positive, went where negative.", verbose_name="minor units"
                    ),
                ),
                ("text", models.CharField(blank=True, help_text="What the payer and the bank wrote.", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for a person"),
                            ("booked", "a payment"),
                            ("seen", "dealt with elsewhere"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "payment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_line",
                        to="billing.payment",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["booked_on", "id"], name="bank_line_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minor", 0), _negated=True), name="bank_line_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("minor__gt", 0), ("payment__isnull", False), ("state", "booked")),
                            models.Q(("payment__isnull", True), models.Q(("state", "booked"), _negated=True)),
                            _connector="OR",
                        ),
                        name="bank_line_booked_as_payment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("state", "seen"), _negated=True),
                        name="bank_line_seen_went",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "on",
                    models.DateField(
                        help_text="The day on which the money was there: interest on it ends with this day."
                    ),
                ),
                ("principal_minor", models.BigIntegerField(default=0)),
                ("interest_minor", models.BigIntegerField(default=0)),
                ("costs_minor", models.BigIntegerField(default=0)),
                ("because", models.JSONField(blank=True, default=list)),
                ("undone_on", models.DateField(blank=True, help_text="When the payment went back.", null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="billing.invoice"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="billing.payment"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("costs_minor__gte", 0), ("interest_minor__gte", 0), ("principal_minor__gte", 0)
                        ),
                        name="allocation_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
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
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "service"),
                            ("seat", "added seats"),
                            ("setup", "setting up"),
                            ("device", "device"),
                            ("domain_registration", "domain"),
                            ("ip", "IP address"),
                            ("ssl", "SSL certificate"),
                            ("assistance", "assistance membership"),
                            ("third_party", "third-party service"),
                            ("shipping", "shipping and administration"),
                            ("fee", "fee"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("quantity", models.PositiveIntegerField(default=1)),
                ("unit_minor", models.BigIntegerField(verbose_name="price of one, in minor units")),
                ("net_minor", models.BigIntegerField(verbose_name="net, in minor units")),
                ("period_start", models.DateField(blank=True, null=True)),
                ("period_end", models.DateField(blank=True, null=True)),
                ("because", models.JSONField(default=list)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="billing.invoice"
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.price",
                    ),
                ),
            ],
            options={
                "ordering": ("invoice_id", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("invoice", "position"), name="one_line_per_position"),
                    models.CheckConstraint(condition=models.Q(("net_minor__gte", 0)), name="line_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_start__isnull", True),
                            ("period_start__lte", models.F("period_end")),
                            _connector="OR",
                        ),
                        name="line_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="in force from")),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="3.75 % is 0.0375.",
                        max_digits=9,
                        verbose_name="rate a year, as a share",
                    ),
                ),
                ("source", models.CharField(help_text="Where this step was read.", max_length=200)),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="billing.ratetable"
                    ),
                ),
            ],
            options={
                "ordering": ("table", "-from_on"),
                "constraints": [
                    models.UniqueConstraint(fields=("table", "from_on"), name="one_rate_per_day"),
                    models.CheckConstraint(condition=models.Q(("rate__gte", 0)), name="rate_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("returned_check", "returned cheque"),
                            ("investigation", "investigation"),
                            ("collection", "collection"),
                            ("judicial", "court"),
                            ("bank", "bank"),
                            ("handed_over", "handed over to collection"),
                        ],
                        max_length=14,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "amount_minor",
                    models.BigIntegerField(
                        default=0, help_text="Of a cost; 0 for an incident.", verbose_name="cost in minor units"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recovery_costs", to="billing.invoice"
                    ),
                ),
            ],
            options={
                "ordering": ("on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0)), name="recovery_cost_not_negative"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "handed_over")), fields=("invoice",), name="handed_over_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="What makes it due: given once.", max_length=80, unique=True)),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("money_back", "money-back guarantee"),
                            ("end", "end of the contract"),
                            ("discretion", "at our discretion"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        help_text="The last day of service, or when the money was asked back.",
                        verbose_name="counted on",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(verbose_name="comes back, in minor units")),
                ("fee_minor", models.BigIntegerField(default=0, verbose_name="kept as a fee, in minor units")),
                ("lines", models.JSONField(blank=True, default=list)),
                ("facts", models.JSONField(blank=True, default=dict, help_text="What the contract was asked.")),
                ("says", models.CharField(max_length=300)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("card", "card"),
                            ("paypal", "PayPal"),
                            ("bank_transfer", "bank transfer"),
                            ("bitcoin", "Bitcoin"),
                            ("check", "cheque"),
                            ("credit", "our credit"),
                        ],
                        max_length=16,
                        verbose_name="goes back by",
                    ),
                ),
                (
                    "borne_by",
                    models.CharField(choices=[("vendor", "the vendor"), ("reseller", "we ourselves")], max_length=8),
                ),
                ("because", models.JSONField(blank=True, default=list)),
                ("mark", models.CharField(max_length=64)),
                (
                    "reason",
                    models.TextField(blank=True, help_text="Why it was given, where the contract leaves that to us."),
                ),
                ("quoted_on", models.DateField()),
                ("executed_on", models.DateField(blank=True, null=True, verbose_name="given on")),
                ("paid_minor", models.BigIntegerField(default=0, verbose_name="went out, in minor units")),
                ("created_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="accounts.subscription"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["vendor", "id"], name="refund_by_vendor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0), ("fee_minor__gte", 0), ("paid_minor__gte", 0)),
                        name="refund_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid_minor", 0), ("executed_on__isnull", False), _connector="OR"),
                        name="refund_paid_when_executed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "discretion"), _negated=True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="refund_at_discretion_is_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                (
                    "invoice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="item",
                        serialize=False,
                        to="billing.invoice",
                    ),
                ),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("due_on", models.DateField()),
                ("principal_minor", models.BigIntegerField(verbose_name="still owed of the total, in minor units")),
                (
                    "interest_minor",
                    models.BigIntegerField(default=0, verbose_name="interest still owed, in minor units"),
                ),
                (
                    "costs_minor",
                    models.BigIntegerField(default=0, verbose_name="fees and costs still owed, in minor units"),
                ),
                (
                    "interest_charged_minor",
                    models.BigIntegerField(default=0, verbose_name="interest charged so far, in minor units"),
                ),
                (
                    "costs_charged_minor",
                    models.BigIntegerField(default=0, verbose_name="fees and costs charged so far, in minor units"),
                ),
                (
                    "count_on",
                    models.DateField(
                        blank=True,
                        help_text="Next day for which late charges are counted; empty where there are none.",
                        null=True,
                    ),
                ),
                (
                    "void_on",
                    models.DateField(
                        blank=True,
                        help_text="First day on which it is void, if nothing of it is paid by then.",
                        null=True,
                        verbose_name="void from",
                    ),
                ),
                (
                    "charges_count",
                    models.PositiveIntegerField(default=0, verbose_name="times that late charges changed"),
                ),
                (
                    "rate_missing",
                    models.BooleanField(
                        default=False,
                        help_text="No published rate is known for the first late day, so no interest is counted.",
                    ),
                ),
                ("because", models.JSONField(blank=True, default=list, help_text="What the late charges rest on.")),
                ("closed_on", models.DateField(blank=True, help_text="When nothing was owed any more.", null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="open_items", to="accounts.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "unpaid invoice",
                "ordering": ("due_on", "invoice_id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["vendor", "due_on", "invoice"],
                        name="item_open",
                    ),
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True), ("count_on__isnull", False)),
                        fields=["vendor", "count_on", "invoice"],
                        name="item_to_count",
                    ),
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True), ("void_on__isnull", False)),
                        fields=["vendor", "void_on", "invoice"],
                        name="item_to_void",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("costs_minor__gte", 0), ("interest_minor__gte", 0), ("principal_minor__gte", 0)
                        ),
                        name="item_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            models.Q(("costs_minor", 0), ("interest_minor", 0), ("principal_minor", 0)),
                            _connector="OR",
                        ),
                        name="item_closed_when_paid",
                    ),
                ],
            },
        ),
    ]
