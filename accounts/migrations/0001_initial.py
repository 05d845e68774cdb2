import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.customers
import accounts.models.identity
import accounts.models.tickets
import accounts.models.users
import backoffice.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("terms", "terms"),
                            ("aup", "acceptable use policy"),
                            ("sla", "service level agreement"),
                            ("price", "price"),
                            ("service_end", "end of a service"),
                            ("policy", "privacy policy"),
                        ],
                        max_length=16,
                    ),
                ),
                ("old_sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="version before")),
                ("new_sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="new version")),
                ("plan", models.CharField(blank=True, help_text="Empty for every plan.", max_length=100)),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="In our own words; the letter says it so.", verbose_name="what changes"
                    ),
                ),
                ("changes", models.JSONField(blank=True, default=list, editable=False)),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "old_price_minor",
                    models.BigIntegerField(blank=True, null=True, verbose_name="old price in minor units"),
                ),
                (
                    "new_price_minor",
                    models.BigIntegerField(blank=True, null=True, verbose_name="new price in minor units"),
                ),
                ("emergency", models.BooleanField(default=False, verbose_name="in an emergency")),
                (
                    "exempt",
                    models.BooleanField(default=False, verbose_name="follows from the law or a change of the contract"),
                ),
                ("published_on", models.DateField(help_text="The vendor's day on which it was entered.")),
                ("tell_on", models.DateField(verbose_name="customers are told on")),
                ("reached", models.BigIntegerField(default=0, editable=False)),
                ("planned_on", models.DateField(blank=True, editable=False, null=True, verbose_name="planned on")),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("planned_on__isnull", True)),
                        fields=["vendor", "published_on", "id"],
                        name="amendment_to_plan",
                    ),
                    models.Index(fields=["old_sheet"], name="amendment_of_version"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("new_sheet", ""), _negated=True),
                        fields=("old_sheet", "new_sheet"),
                        name="one_amendment_per_versions",
                        violation_error_message="This change of versions is published already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__in", ("terms", "aup", "sla", "price", "service_end", "policy"))),
                        name="amendment_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("new_sheet", ""), ("old_sheet", "")),
                            models.Q(
                                models.Q(("old_sheet", ""), _negated=True), models.Q(("new_sheet", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="amendment_versions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tell_on__gte", models.F("published_on"))), name="amendment_told_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("new_price_minor__isnull", True), ("old_price_minor__isnull", True)),
                            models.Q(
                                ("new_price_minor__gte", 0),
                                ("old_price_minor__gte", 0),
                                models.Q(("currency", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="amendment_prices",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Whose program this is, and what for.", max_length=100)),
                ("prefix", models.CharField(editable=False, max_length=16, unique=True)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("scopes", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "API key",
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="ConductCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("violation", models.CharField(help_text="As the contract's list calls it.", max_length=64)),
                ("facts", models.TextField(help_text="What was found. The customer is told this, word for word.")),
                ("opened_on", models.DateField()),
                ("remediable", models.BooleanField(default=True, verbose_name="can be put right")),
                ("urgent", models.BooleanField(default=False, verbose_name="emergency")),
                ("hindering", models.BooleanField(default=False, verbose_name="clearly hinders the service")),
                ("repeated", models.BooleanField(default=False, verbose_name="went on after the service was restored")),
                (
                    "helped_another",
                    models.BooleanField(default=False, verbose_name="done by somebody whom the customer helped"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be decided"),
                            ("warned", "warned"),
                            ("revoked", "access taken away"),
                            ("suspended", "suspended"),
                            ("restored", "served again, under watch"),
                            ("cured", "put right"),
                            ("terminated", "contract ended"),
                            ("closed", "closed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "found_on",
                    models.DateField(
                        blank=True,
                        help_text="When the vendor first acted on it.",
                        null=True,
                        verbose_name="breach since",
                    ),
                ),
                (
                    "over_on",
                    models.DateField(
                        blank=True, help_text="When it was put right or ended.", null=True, verbose_name="breach until"
                    ),
                ),
                (
                    "told_on",
                    models.DateField(
                        blank=True,
                        help_text="When the customer's time began to run.",
                        null=True,
                        verbose_name="told on",
                    ),
                ),
                (
                    "cure_until",
                    models.DateField(
                        blank=True, help_text="Empty where no time is given.", null=True, verbose_name="put right by"
                    ),
                ),
                ("cured_on", models.DateField(blank=True, null=True, verbose_name="put right on")),
                ("suspended_on", models.DateField(blank=True, null=True)),
                (
                    "suspended_until",
                    models.DateField(blank=True, help_text="Last day; empty until it is put right.", null=True),
                ),
                ("look_on", models.DateField(blank=True, help_text="First day after a time that runs.", null=True)),
                (
                    "time_over_on",
                    models.DateField(blank=True, help_text="When the time to put it right was over.", null=True),
                ),
                (
                    "fees",
                    models.JSONField(
                        blank=True, default=list, help_text="What the suspension costs; billing charges it."
                    ),
                ),
                (
                    "lost",
                    models.JSONField(blank=True, default=list, help_text="What the customer loses: refund, credit."),
                ),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("look_on__isnull", False),
                            ("state__in", ("open", "warned", "revoked", "suspended", "restored")),
                        ),
                        fields=["vendor", "look_on", "id"],
                        name="conduct_to_look_at",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["open", "warned", "revoked", "suspended", "restored", "cured", "terminated", "closed"],
                            )
                        ),
                        name="conduct_case_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "closed"]), ("found_on__isnull", False), _connector="OR"
                        ),
                        name="conduct_case_found",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("over_on__isnull", True),
                            models.Q(("found_on__isnull", False), ("over_on__gte", models.F("found_on"))),
                            _connector="OR",
                        ),
                        name="conduct_case_over_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cured"), _negated=True), ("cured_on__isnull", False), _connector="OR"
                        ),
                        name="conduct_case_cured_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "suspended"), _negated=True),
                            ("suspended_on__isnull", False),
                            _connector="OR",
                        ),
                        name="conduct_case_suspended_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suspended_until__isnull", True),
                            models.Q(
                                ("suspended_on__isnull", False), ("suspended_until__gte", models.F("suspended_on"))
                            ),
                            _connector="OR",
                        ),
                        name="conduct_case_suspended_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reseller",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("email", models.EmailField(help_text="Where letters to it go.", max_length=254)),
                ("country", backoffice.fields.CountryField(max_length=2, verbose_name="country")),
                ("language", models.CharField(choices=[("en", "English")], default="en", max_length=8)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="SeatChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("kind", models.CharField(choices=[("added", "added"), ("given_up", "given up")], max_length=8)),
                ("seats", models.PositiveIntegerField()),
                ("asked_on", models.DateField()),
                ("asked_by", models.EmailField(help_text="Who asked for it.", max_length=254)),
                (
                    "effective_on",
                    models.DateField(help_text="First day with the added seats, or without those given up."),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("charge_minor", models.BigIntegerField(blank=True, null=True, verbose_name="charge in minor units")),
                (
                    "unit_minor",
                    models.BigIntegerField(
                        blank=True, null=True, verbose_name="price of one for a whole period, in minor units"
                    ),
                ),
                ("days_charged", models.PositiveIntegerField(blank=True, null=True)),
                ("days_in_period", models.PositiveIntegerField(blank=True, null=True)),
                ("charged_until", models.DateField(blank=True, null=True)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "missed_renewal",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="The period after was invoiced before these seats were added.",
                    ),
                ),
                (
                    "done_on",
                    models.DateField(blank=True, help_text="The day whose run took the seats away.", null=True),
                ),
                (
                    "invoiced_on",
                    models.DateField(blank=True, help_text="The day whose run invoiced the added seats.", null=True),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_on__isnull", True), ("kind", "given_up")),
                        fields=["vendor", "effective_on", "id"],
                        name="seats_to_leave",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("charge_minor__isnull", False), ("invoiced_on__isnull", True), ("kind", "added")
                        ),
                        fields=["vendor", "effective_on", "id"],
                        name="seats_to_invoice",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["added", "given_up"])), name="seat_change_kind"
                    ),
                    models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="seat_change_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("charge_minor__isnull", True),
                            models.Q(
                                ("charge_minor__gte", 0), ("kind", "added"), models.Q(("currency", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="seat_charge_of_added",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "Somebody signs in with this already."},
                        max_length=254,
                        unique=True,
                        verbose_name="e-mail",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "ordering": ("email",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower(models.F("email")))),
                        name="user_email_in_lower_case",
                    )
                ],
            },
            managers=[
                ("objects", accounts.models.users.PersonManager()),
            ],
        ),
        migrations.CreateModel(
            name="AmendmentNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "to be told"),
                            ("told", "told, not in effect yet"),
                            ("offered", "told, needs the customer's consent"),
                            ("in_effect", "in effect"),
                            ("left", "the customer leaves"),
                            ("waived", "waived"),
                            ("untold", "the letter came back"),
                            ("over", "the contract was over before"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("tell_on", models.DateField(verbose_name="to be told on")),
                ("told_on", models.DateField(blank=True, null=True)),
                ("times_told", models.PositiveSmallIntegerField(default=0)),
                (
                    "given_on",
                    models.DateField(
                        blank=True,
                        help_text="When the letter counts as received.",
                        null=True,
                        verbose_name="counts as told on",
                    ),
                ),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="takes effect on")),
                ("leave_until", models.DateField(blank=True, null=True, verbose_name="may leave until")),
                (
                    "only_if_material",
                    models.BooleanField(default=False, verbose_name="only whom it materially affects may leave"),
                ),
                ("may_dissolve", models.BooleanField(default=False)),
                ("keep_until", models.DateField(blank=True, null=True, verbose_name="old version may be kept until")),
                ("moves_on", models.DateField(blank=True, null=True, verbose_name="changes this contract on")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="state since")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "amendment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="accounts.amendment"
                    ),
                ),
            ],
            options={
                "verbose_name": "contract that a change reaches",
                "verbose_name_plural": "contracts that changes reach",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["vendor", "tell_on", "id"],
                        name="amendment_to_tell",
                    ),
                    models.Index(
                        condition=models.Q(("moves_on__isnull", False), ("state", "told")),
                        fields=["vendor", "moves_on", "id"],
                        name="amendment_to_move",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["planned", "told", "offered", "in_effect", "left", "waived", "untold", "over"],
                            )
                        ),
                        name="amendment_notice_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["told", "offered", "in_effect"]), _negated=True),
                            ("told_on__isnull", False),
                            _connector="OR",
                        ),
                        name="amendment_told_before_effect",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "told"), _negated=True),
                            models.Q(("effective_on__isnull", False), ("moves_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="amendment_told_takes_effect",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentExit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_on", models.DateField()),
                ("in_writing", models.BooleanField()),
                ("allowed", models.BooleanField()),
                ("reason", models.CharField(max_length=16)),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day of service")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exits", to="accounts.amendmentnotice"
                    ),
                ),
            ],
            options={
                "verbose_name": "exit because of a change",
                "verbose_name_plural": "exits because of changes",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("allowed", True)), fields=("notice",), name="one_exit_per_amendment"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allowed", True), ("ends_on__isnull", False)),
                            models.Q(("allowed", False), ("ends_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="amendment_exit_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("change", "a third party changes what the service contains"),
                            ("end", "a third party's service is sold no longer"),
                            ("error", "an error was found at another user's"),
                            ("force_majeure", "what lies beyond our control"),
                        ],
                        max_length=16,
                    ),
                ),
                ("plan", models.CharField(blank=True, help_text="Empty for every plan.", max_length=100)),
                (
                    "text",
                    models.TextField(
                        help_text="In our own words, with what it may do to the customer.", verbose_name="what happened"
                    ),
                ),
                ("happened_on", models.DateField()),
                ("tell_on", models.DateField()),
                ("reached", models.BigIntegerField(default=0, editable=False)),
                ("told_on", models.DateField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_on__isnull", True)),
                        fields=["vendor", "tell_on", "id"],
                        name="announcement_to_tell",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["change", "end", "error", "force_majeure"])),
                        name="announcement_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tell_on__gte", models.F("happened_on"))), name="announcement_told_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConductStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "opened"),
                            ("warned", "the customer was warned"),
                            ("revoked", "access was taken away"),
                            ("suspended", "the service was suspended"),
                            ("restored", "the time of the suspension was over"),
                            ("time_over", "the time to put it right was over"),
                            ("cured", "it was put right"),
                            ("terminated", "the contract was ended"),
                            ("closed", "the case was closed"),
                            ("refused", "the contract did not allow it"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked", models.CharField(blank=True, help_text="What the contract did not allow.", max_length=10)),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "to be decided"),
                            ("warned", "warned"),
                            ("revoked", "access taken away"),
                            ("suspended", "suspended"),
                            ("restored", "served again, under watch"),
                            ("cured", "put right"),
                            ("terminated", "contract ended"),
                            ("closed", "closed"),
                        ],
                        max_length=10,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("open", "to be decided"),
                            ("warned", "warned"),
                            ("revoked", "access taken away"),
                            ("suspended", "suspended"),
                            ("restored", "served again, under watch"),
                            ("cured", "put right"),
                            ("terminated", "contract ended"),
                            ("closed", "closed"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("on", models.DateField()),
                ("says", models.TextField(help_text="What the contract answered, in a sentence.")),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="accounts.conductcase"
                    ),
                ),
            ],
            options={
                "ordering": ("case_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "refused"), _negated=True),
                        fields=("case", "kind"),
                        name="one_step_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_state", models.F("to_state")),
                            models.Q(("from_state", ""), ("to_state__in", ("open",))),
                            models.Q(
                                ("from_state", "open"),
                                ("to_state__in", ("warned", "revoked", "suspended", "terminated", "closed")),
                            ),
                            models.Q(
                                ("from_state", "warned"),
                                ("to_state__in", ("revoked", "suspended", "cured", "terminated", "closed")),
                            ),
                            models.Q(
                                ("from_state", "revoked"),
                                ("to_state__in", ("warned", "suspended", "cured", "terminated", "closed")),
                            ),
                            models.Q(
                                ("from_state", "suspended"),
                                ("to_state__in", ("restored", "cured", "terminated", "closed")),
                            ),
                            models.Q(("from_state", "restored"), ("to_state__in", ("cured", "terminated", "closed"))),
                            _connector="OR",
                        ),
                        name="conduct_step_allowed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "refused"), models.Q(("asked", ""), _negated=True)),
                            models.Q(models.Q(("kind", "refused"), _negated=True), ("asked", "")),
                            _connector="OR",
                        ),
                        name="conduct_step_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sheet",
                    backoffice.fields.SheetField(
                        help_text="The version of the terms that this text was made for.",
                        max_length=80,
                        verbose_name="terms",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("terms", "terms"),
                            ("order", "order or its confirmation"),
                            ("reseller_agreement", "re-seller agreement"),
                            ("aup", "acceptable use policy"),
                            ("privacy", "privacy policy"),
                            ("sla", "service levels"),
                            ("eula", "end-user licence"),
                            ("terms_of_use", "terms of use"),
                        ],
                        default="terms",
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("version", models.CharField(max_length=50)),
                ("file", models.FileField(upload_to="contracts/")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(editable=False)),
            ],
            options={
                "ordering": ("sheet", "title", "-id"),
                "constraints": [models.UniqueConstraint(fields=("sheet", "sha256"), name="one_document_per_text")],
            },
        ),
        migrations.AddField(
            model_name="amendment",
            name="document",
            field=models.ForeignKey(
                blank=True,
                help_text="The new text. The ones before it stay in the archive.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendments",
                to="accounts.contractdocument",
            ),
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("individual", "individual"), ("business", "business")],
                        default="business",
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(help_text="Of the person, or of the business.", max_length=200)),
                (
                    "contact_name",
                    models.CharField(
                        blank=True,
                        help_text="Whom letters greet at a business.",
                        max_length=200,
                        verbose_name="contact",
                    ),
                ),
                ("email", models.EmailField(help_text="Where letters about the contract go.", max_length=254)),
                (
                    "billing_email",
                    models.EmailField(
                        blank=True,
                        help_text="Empty for the same address.",
                        max_length=254,
                        verbose_name="e-mail for invoices",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[accounts.models.customers.international_number],
                        verbose_name="telephone",
                    ),
                ),
                ("language", models.CharField(choices=[("en", "English")], default="en", max_length=8)),
                ("country", backoffice.fields.CountryField(max_length=2, verbose_name="country")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC", max_length=64, validators=[accounts.models.customers.known_time_zone]
                    ),
                ),
                ("street", models.CharField(blank=True, max_length=200, verbose_name="street and number")),
                ("postcode", models.CharField(blank=True, max_length=20)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("region", models.CharField(blank=True, max_length=100, verbose_name="state or region")),
                (
                    "vat_id",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[accounts.models.customers.vat_number],
                        verbose_name="VAT number",
                    ),
                ),
                (
                    "business_attested_on",
                    models.DateField(
                        blank=True,
                        help_text="When it told that it buys as a business.",
                        null=True,
                        verbose_name="attested business use on",
                    ),
                ),
                (
                    "verification",
                    models.CharField(
                        choices=[
                            ("none", "not asked for"),
                            ("asked", "asked for"),
                            ("verified", "verified"),
                            ("refused", "not accepted"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("verification_on", models.DateField(blank=True, null=True, verbose_name="since")),
                (
                    "billed_by",
                    models.CharField(
                        choices=[("operator", "by us"), ("reseller", "by its reseller")],
                        default="operator",
                        max_length=8,
                        verbose_name="billed",
                    ),
                ),
                (
                    "users_known_on",
                    models.DateField(
                        blank=True,
                        help_text="When it told that it knows who its users are and where they live.",
                        null=True,
                        verbose_name="attested to know its users on",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "affiliate_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The company at the head of its group, where that is a customer too.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliates",
                        to="accounts.customer",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who sells to it; empty where we do.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="accounts.reseller",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["kind", "id"], name="customer_by_kind"),
                    models.Index(fields=["verification", "id"], name="customer_by_verification"),
                    models.Index(
                        condition=models.Q(("reseller__isnull", False)),
                        fields=["reseller", "name", "id"],
                        name="customer_of_reseller",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["individual", "business"])), name="customer_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("affiliate_of", models.F("pk")), _negated=True),
                        name="customer_not_its_own_affiliate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verification__in", ["none", "asked", "verified", "refused"])),
                        name="customer_verification",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verification", "none"), ("verification_on__isnull", False), _connector="OR"
                        ),
                        name="customer_verification_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "business"),
                            models.Q(("business_attested_on__isnull", True), ("vat_id", "")),
                            _connector="OR",
                        ),
                        name="customer_business_facts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("billed_by", "operator"),
                            models.Q(("billed_by", "reseller"), ("reseller__isnull", False)),
                            _connector="OR",
                        ),
                        name="customer_billed_by_known",
                        violation_error_message="Only a customer of a reseller can be billed by one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Administrator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("slot", models.PositiveSmallIntegerField(verbose_name="number")),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="telephone")),
                ("added_on", models.DateField(verbose_name="since")),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="administrators",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["vendor", "id"], name="administrator_by_vendor")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_on__isnull", True)),
                        fields=("customer", "vendor", "slot"),
                        name="one_administrator_per_slot",
                    ),
                    models.UniqueConstraint(
                        models.F("customer"),
                        models.F("vendor"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("removed_on__isnull", True)),
                        name="administrator_named_once",
                        violation_error_message="This person is an administrator already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("slot__gte", 1)), name="administrator_slot"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("removed_on__isnull", True), ("removed_on__gte", models.F("added_on")), _connector="OR"
                        ),
                        name="administrator_removed_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataBreach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(blank=True, help_text="Empty where nothing is due.", null=True)),
                (
                    "warn_at",
                    models.DateTimeField(blank=True, help_text="When four fifths of its time are over.", null=True),
                ),
                (
                    "alarm_at",
                    models.DateTimeField(blank=True, help_text="When the next alarm rings; empty for none.", null=True),
                ),
                (
                    "alarmed",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Percent of its time that an alarm has told of."
                    ),
                ),
                (
                    "vendor",
                    backoffice.fields.VendorField(
                        blank=True,
                        help_text="Whose service it is.",
                        max_length=64,
                        none="our own systems",
                        verbose_name="contract",
                    ),
                ),
                ("what", models.TextField(help_text="Without any names.", verbose_name="what happened")),
                ("categories", models.CharField(max_length=400, verbose_name="kinds of data and of persons")),
                ("persons", models.PositiveIntegerField(default=0, verbose_name="persons, about")),
                (
                    "measures",
                    models.TextField(blank=True, help_text="Without any names.", verbose_name="what is done about it"),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[("unlikely", "unlikely"), ("likely", "likely"), ("high", "high")], max_length=8
                    ),
                ),
                ("noticed_at", models.DateTimeField()),
                ("sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("persons_to_tell", models.BooleanField(default=False)),
                ("customers_told_at", models.DateTimeField(blank=True, null=True)),
                ("persons_told_at", models.DateTimeField(blank=True, null=True)),
                ("authority_told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "late_because",
                    models.TextField(blank=True, help_text="Without any names.", verbose_name="told late because"),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "breach of personal data",
                "verbose_name_plural": "breaches of personal data",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("alarm_at__isnull", False)),
                        fields=["alarm_at", "id"],
                        name="data_breach_rings",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("risk__in", ["unlikely", "likely", "high"])), name="data_breach_risk"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("authority_told_at", None),
                            ("due_at", None),
                            ("authority_told_at__lte", models.F("due_at")),
                            models.Q(("late_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="data_breach_told_late_because",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("authority_told_at", None),
                            ("authority_told_at__gte", models.F("noticed_at")),
                            _connector="OR",
                        ),
                        name="data_breach_told_after_noticed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(blank=True, help_text="Empty where nothing is due.", null=True)),
                (
                    "warn_at",
                    models.DateTimeField(blank=True, help_text="When four fifths of its time are over.", null=True),
                ),
                (
                    "alarm_at",
                    models.DateTimeField(blank=True, help_text="When the next alarm rings; empty for none.", null=True),
                ),
                (
                    "alarmed",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Percent of its time that an alarm has told of."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "access"),
                            ("rectification", "rectification"),
                            ("erasure", "erasure"),
                            ("portability", "portability"),
                            ("objection", "objection"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("accounts.customer", "customer"),
                            ("accounts.administrator", "administrator"),
                            ("accounts.enduser", "end user"),
                            ("accounts.user", "who signs in"),
                            ("accounts.reseller", "reseller"),
                            ("accounts.abusereport", "who reported a violation"),
                            ("accounts.inboundmail", "who wrote a mail"),
                        ],
                        max_length=32,
                        verbose_name="about",
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="number")),
                ("name", models.CharField(max_length=200, verbose_name="who asks")),
                ("email", models.EmailField(max_length=254, verbose_name="address for the answer")),
                ("text", models.TextField(blank=True, verbose_name="what was asked")),
                ("in_portal", models.BooleanField(default=False, verbose_name="asked in the portal")),
                (
                    "verified_how",
                    models.CharField(
                        blank=True, help_text="How it is known who asks.", max_length=200, verbose_name="verified by"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("answer_by", models.DateField()),
                ("sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "extended_on",
                    models.DateField(blank=True, help_text="When the person was told that it takes longer.", null=True),
                ),
                ("extended_for", models.CharField(blank=True, max_length=200, verbose_name="longer because")),
                ("passed_on_at", models.DateTimeField(blank=True, null=True, verbose_name="customer told at")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "waits for an answer"), ("granted", "granted"), ("refused", "refused")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose person it is; empty for somebody who is nobody's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "request about personal data",
                "verbose_name_plural": "requests about personal data",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("alarm_at__isnull", False)),
                        fields=["alarm_at", "id"],
                        name="data_request_rings",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("alarm_at", None),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="data_request_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("extended_for", ""), ("extended_on", None)),
                            models.Q(("extended_on__isnull", False), models.Q(("extended_for", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="data_request_extended_for",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("in_portal", True), ("state", "open")),
                        fields=("subject", "subject_id", "kind"),
                        name="one_own_request_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(help_text="The deadline that it tells of.")),
                ("percent", models.PositiveSmallIntegerField()),
                ("rang_at", models.DateTimeField()),
                (
                    "breach",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="accounts.databreach",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="accounts.datarequest",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("request", "due_at", "percent"), name="one_data_request_alarm"),
                    models.UniqueConstraint(fields=("breach", "due_at", "percent"), name="one_data_breach_alarm"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("breach", None), ("request__isnull", False)),
                            models.Q(("breach__isnull", False), ("request", None)),
                            _connector="OR",
                        ),
                        name="data_alarm_of_one",
                    ),
                    models.CheckConstraint(condition=models.Q(("percent__in", [80, 100])), name="data_alarm_percent"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclarationBreach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("no_preparation", "prepares and commits no crime"),
                            ("no_promotion", "promotes and instigates no crime"),
                            ("no_benefit", "draws no benefit from a crime"),
                            ("lawful_funds", "pays from lawful sources"),
                            ("no_listed_crimes", "has no part in the crimes listed"),
                        ],
                        max_length=16,
                        verbose_name="declaration",
                    ),
                ),
                ("found_on", models.DateField()),
                ("void", models.BooleanField(verbose_name="contracts are void")),
                ("refund_lost", models.BooleanField(verbose_name="no refund")),
                ("commission_lost", models.BooleanField(verbose_name="no commission")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declaration_breaches",
                        to="accounts.customer",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "breach of a declaration",
                "verbose_name_plural": "breaches of declarations",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "vendor"), name="one_declaration_breach"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["no_preparation", "no_promotion", "no_benefit", "lawful_funds", "no_listed_crimes"],
                            )
                        ),
                        name="declaration_breach_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("erasure", "erased on request"),
                            ("retention", "kept no longer"),
                            ("contract_end", "end of a contract"),
                            ("backup", "age of a backup"),
                            ("key", "key destroyed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("basis", models.CharField(max_length=200, verbose_name="why")),
                ("vendor", backoffice.fields.VendorField(blank=True, max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("counts", models.JSONField(default=dict, help_text="Rows of each kind.")),
                ("disposed_on", models.DateField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["erasure", "retention", "contract_end", "backup", "key"])),
                        name="disposal_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EndUser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("username", models.CharField(max_length=150)),
                ("device_type", models.CharField(blank=True, max_length=100)),
                ("created_on", models.DateField()),
                ("last_used_on", models.DateField(blank=True, null=True)),
                (
                    "left_on",
                    models.DateField(
                        blank=True, help_text="From this day on there is no access.", null=True, verbose_name="left on"
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end_users", to="accounts.customer"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("customer"),
                        django.db.models.functions.text.Lower("username"),
                        name="one_end_user_per_username",
                        violation_error_message="The customer has this username already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True), ("left_on__gte", models.F("created_on")), _connector="OR"
                        ),
                        name="end_user_left_after",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="conductcase",
            name="end_user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conduct_cases",
                to="accounts.enduser",
            ),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", backoffice.fields.KindField(max_length=64, verbose_name="kind of person")),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="number")),
                ("state", models.CharField(choices=[("done", "erased"), ("refused", "not now")], max_length=8)),
                ("refused_for", models.CharField(blank=True, max_length=32)),
                ("because", models.JSONField(blank=True, default=list)),
                ("asked_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="accounts.customer",
                    ),
                ),
                (
                    "disposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to="accounts.disposal",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "done")),
                        fields=("subject", "subject_id"),
                        name="one_erasure_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disposal__isnull", False), ("refused_for", ""), ("state", "done")),
                            models.Q(
                                ("disposal__isnull", True),
                                ("state", "refused"),
                                models.Q(("refused_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_done_or_refused",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="datarequest",
            name="erasure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="accounts.erasure",
            ),
        ),
        migrations.CreateModel(
            name="EvidenceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "asked_by",
                    models.CharField(choices=[("vendor", "the vendor"), ("recipient", "a recipient")], max_length=9),
                ),
                (
                    "mailing",
                    models.CharField(help_text="Which mailing it is about; names no recipient.", max_length=200),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="Empty where the contract gives no time.", null=True),
                ),
                (
                    "counts_as",
                    models.CharField(
                        blank=True, help_text="The violation that it is if nothing is shown.", max_length=64
                    ),
                ),
                (
                    "alarm_at",
                    models.DateTimeField(blank=True, help_text="When the next alarm rings; empty for none.", null=True),
                ),
                (
                    "alarmed",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Part of the time, in percent, an alarm told of."
                    ),
                ),
                ("shown_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for the customer"),
                            ("shown", "shown"),
                            ("missed", "not shown in time"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_requests",
                        to="accounts.conductcase",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["alarm_at", "id"], name="evidence_to_alarm"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "shown", "missed"])), name="evidence_request_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "shown"), _negated=True), ("shown_at__isnull", False), _connector="OR"
                        ),
                        name="evidence_request_shown_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("alarm_at", None),
                            models.Q(("due_at__isnull", False), ("state", "waiting")),
                            _connector="OR",
                        ),
                        name="evidence_alarm_of_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField(help_text="Part of the time that was over.")),
                ("rang_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="accounts.evidencerequest",
                    ),
                ),
            ],
            options={
                "ordering": ("request_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("request", "percent"), name="one_evidence_alarm_a_part"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__in", [80, 100])), name="evidence_alarm_percent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("passport", "passport"),
                            ("identity_card", "identity card"),
                            ("register", "company register extract"),
                            ("power", "power of attorney"),
                            ("address", "proof of address"),
                            ("vat", "VAT certificate"),
                        ],
                        max_length=16,
                    ),
                ),
                ("form", models.CharField(choices=[("pdf", "PDF"), ("png", "PNG"), ("jpeg", "JPEG")], max_length=4)),
                ("issued_on", models.DateField(blank=True, null=True)),
                (
                    "expires_on",
                    models.DateField(
                        blank=True, help_text="Its last valid day.", null=True, verbose_name="valid until"
                    ),
                ),
                ("file", models.FileField(blank=True, upload_to=accounts.models.identity.a_random_name)),
                (
                    "house_key",
                    models.CharField(help_text="The key of the house that its own key lies under.", max_length=16),
                ),
                ("wrapped", models.BinaryField()),
                (
                    "sha256",
                    models.CharField(
                        help_text="Of the document as it was shown.", max_length=64, verbose_name="SHA-256"
                    ),
                ),
                ("uploaded_on", models.DateField()),
                (
                    "purge_on",
                    models.DateField(help_text="The day on which the file is destroyed.", verbose_name="goes on"),
                ),
                ("purge_basis", models.CharField(max_length=200, verbose_name="why then")),
                ("purged_on", models.DateField(blank=True, null=True, verbose_name="gone since")),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_documents",
                        to="accounts.customer",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("purged_on__isnull", True)),
                        fields=["vendor", "purge_on", "id"],
                        name="document_to_purge",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("purged_on__isnull", True)),
                        fields=("customer", "vendor", "sha256"),
                        name="one_document_per_content",
                        violation_error_message="This very document is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["passport", "identity_card", "register", "power", "address", "vat"])
                        ),
                        name="document_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["pdf", "png", "jpeg"])), name="document_form_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_on__isnull", True),
                            ("expires_on__isnull", True),
                            ("expires_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="document_expires_after",
                        violation_error_message="A document cannot run out before it was issued.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purge_on__gte", models.F("uploaded_on"))), name="document_purged_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purged_on__isnull", True), models.Q(("file", ""), ("wrapped", b"")), _connector="OR"
                        ),
                        name="purged_document_is_gone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="accounts.identitydocument",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="document_opened_for_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True)), fields=("user",), name="one_open_invitation"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))), name="invitation_expires_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", backoffice.fields.KindField(max_length=64, verbose_name="kind of row")),
                ("row", models.PositiveBigIntegerField(verbose_name="number of the row")),
                (
                    "retention",
                    models.CharField(
                        choices=[
                            ("report", "report of a violation"),
                            ("mail", "mail of somebody who is no customer"),
                            ("file", "file that no row names"),
                        ],
                        max_length=8,
                        verbose_name="kept as",
                    ),
                ),
                ("basis", models.CharField(max_length=200, verbose_name="why")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "vendor",
                    backoffice.fields.VendorField(
                        help_text="Whose day looks after it.", max_length=64, verbose_name="looked after by"
                    ),
                ),
                ("goes_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                (
                    "disposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_records",
                        to="accounts.disposal",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("disposal__isnull", True)),
                        fields=["vendor", "goes_on", "id"],
                        name="kept_to_let_go",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("model", "row"), name="one_day_to_go_per_row"),
                    models.CheckConstraint(
                        condition=models.Q(("retention__in", ["report", "mail", "file"])), name="kept_as_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("assigned_on", models.DateField(blank=True, null=True)),
                ("gone", models.BooleanField(default=False)),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="accounts.enduser",
                    ),
                ),
                (
                    "given_up",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="accounts.seatchange",
                    ),
                ),
            ],
            options={
                "ordering": ("subscription_id", "number"),
                "indexes": [models.Index(condition=models.Q(("gone", True)), fields=["id"], name="licence_gone")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_on__isnull", True), ("holder__isnull", True)),
                            models.Q(("assigned_on__isnull", False), ("holder__isnull", False)),
                            _connector="OR",
                        ),
                        name="licence_assigned_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gone", False),
                            models.Q(("given_up__isnull", False), ("holder__isnull", True)),
                            _connector="OR",
                        ),
                        name="licence_gone_is_free",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "until_on",
                    models.DateField(
                        blank=True, help_text="First day without access.", null=True, verbose_name="until"
                    ),
                ),
                ("asked_by", models.EmailField(max_length=254)),
                ("reason", models.CharField(blank=True, max_length=16)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="accounts.enduser"
                    ),
                ),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="accounts.licence"
                    ),
                ),
            ],
            options={
                "ordering": ("licence_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("licence",),
                        name="one_person_per_licence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="assignment_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LooseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(blank=True, max_length=300, upload_to="")),
                ("seen_on", models.DateField()),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("file", ""), _negated=True), fields=("file",), name="one_row_per_loose_file"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MailLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("most", models.PositiveIntegerField(help_text="Recipients, subscribers or messages of one mailing.")),
                ("from_on", models.DateField(verbose_name="from")),
            ],
            options={
                "verbose_name": "limit on mailings",
                "verbose_name_plural": "limits on mailings",
                "ordering": ("vendor", "-from_on"),
                "constraints": [models.UniqueConstraint(fields=("vendor", "from_on"), name="one_mail_limit_a_day")],
            },
        ),
        migrations.CreateModel(
            name="MaterialClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_on", models.DateField()),
                ("words", models.TextField(blank=True, verbose_name="what the customer says")),
                ("in_time", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("refused", "not accepted"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claim", to="accounts.amendmentnotice"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["received_on"], name="material_claim_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "accepted", "refused"])), name="material_claim_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("answered_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="material_claim_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("obligation", models.CharField(max_length=200, unique=True)),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("customer", "customer"),
                            ("end_user", "end user"),
                            ("reseller", "reseller"),
                            ("vendor", "vendor"),
                            ("reporter", "who reported a violation"),
                        ],
                        default="customer",
                        max_length=16,
                        verbose_name="to",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("renewal", "renewal notice"),
                            ("invoice", "letter with an invoice"),
                            ("suspension", "notice of suspension"),
                            ("resumption", "notice of resumption"),
                            ("termination", "notice of termination"),
                            ("breach", "notice of a breach"),
                            ("overdue", "notice of an overdue payment"),
                            ("warning", "warning"),
                            ("revocation", "notice of access taken away"),
                            ("evidence", "request for evidence of consent"),
                            ("abuse_report", "answer to a report of a violation"),
                            ("amendment", "notice of a change"),
                            ("data_information", "information about personal data"),
                            ("data_request", "notice of a request about personal data"),
                            ("data_breach", "notice of a breach of personal data"),
                            ("announcement", "notice of what happened"),
                            ("verification", "request to show who they are"),
                            ("eligibility", "reminder of documents"),
                            ("fee", "quote of a fee"),
                            ("maintenance", "notice of maintenance"),
                            ("claim", "answer to a claim for a credit"),
                            ("dispute", "answer to a disputed bill"),
                            ("eligibility_lost", "notice of lost eligibility"),
                        ],
                        max_length=32,
                    ),
                ),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField()),
                ("due_on", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("portal", "on the account page"),
                            ("letter", "letter"),
                            ("airmail", "letter by airmail"),
                            ("registered", "registered letter"),
                        ],
                        default="email",
                        max_length=16,
                        verbose_name="by",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(help_text="E-mail address, or the name on the envelope.", max_length=254),
                ),
                ("address", models.TextField(blank=True, help_text="Lines of the postal address; empty for e-mail.")),
                ("language", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("written_on", models.DateField(help_text="The vendor's day on which it was written.")),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("bounced", "came back"),
                            ("failed", "could not be sent"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1, help_text="1 unless it had to be sent again.")),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.CharField(max_length=200)),
                (
                    "tracking",
                    models.CharField(
                        blank=True, help_text="Of a registered letter.", max_length=64, verbose_name="tracking number"
                    ),
                ),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "deemed_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty where the contract does not say, or it came back.",
                        null=True,
                        verbose_name="counts as received at",
                    ),
                ),
                ("deemed_because", models.JSONField(blank=True, default=list)),
                ("result", models.TextField(blank=True, help_text="What the post or the other mail server answered.")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose contract it is about; empty where it is about none of theirs.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["vendor", "written_on"], name="notice_of_a_day"),
                    models.Index(fields=["message_id"], name="notice_by_message"),
                    models.Index(fields=["state", "id"], name="notice_by_state"),
                    models.Index(
                        condition=models.Q(("kind__in", ("renewal", "invoice")), _negated=True),
                        fields=["kind", "id"],
                        name="notice_of_rare_kind",
                    ),
                    models.Index(
                        condition=models.Q(("party", "customer"), _negated=True),
                        fields=["party", "id"],
                        name="notice_to_others",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "email"), _negated=True),
                        fields=["channel", "id"],
                        name="notice_otherwise",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "delivered", "bounced", "failed"])),
                        name="notice_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "delivered", "bounced"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_sent_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "delivered"), _negated=True),
                            ("delivered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_delivered_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactDoubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("name", "name"),
                            ("email", "e-mail address"),
                            ("billing", "details for bills"),
                            ("postal", "postal address"),
                            ("phone", "telephone number"),
                            ("bank", "bank or card details"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("came_back", "a letter came back"), ("asked", "proof was asked for")], max_length=10
                    ),
                ),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("since", models.DateField()),
                ("asked_on", models.DateField(blank=True, null=True, verbose_name="proof asked for on")),
                (
                    "settled",
                    models.CharField(
                        blank=True, choices=[("proven", "proven"), ("corrected", "corrected")], max_length=9
                    ),
                ),
                ("settled_on", models.DateField(blank=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_doubts",
                        to="accounts.customer",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact data in doubt",
                "verbose_name_plural": "contact data in doubt",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_on", None)),
                        fields=("customer", "part"),
                        name="one_open_doubt_per_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled", ""), ("settled_on", None)),
                            models.Q(models.Q(("settled", ""), _negated=True), ("settled_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_doubt_settled_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("why", "asked"), _negated=True), ("asked_on__isnull", False), _connector="OR"
                        ),
                        name="contact_doubt_asked_on",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("portal", "on the account page"),
                            ("letter", "letter"),
                            ("airmail", "letter by airmail"),
                            ("registered", "registered letter"),
                        ],
                        max_length=16,
                        verbose_name="by",
                    ),
                ),
                ("recipient", models.CharField(max_length=254)),
                ("address", models.TextField(blank=True)),
                ("message_id", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be sent"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("bounced", "came back"),
                            ("failed", "could not be sent"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("tracking", models.CharField(blank=True, max_length=64, verbose_name="tracking number")),
                ("result", models.TextField(blank=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="accounts.notice"
                    ),
                ),
            ],
            options={
                "ordering": ("notice_id", "number"),
                "indexes": [models.Index(fields=["message_id"], name="attempt_by_message")],
                "constraints": [models.UniqueConstraint(fields=("notice", "number"), name="one_row_per_attempt")],
            },
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", backoffice.fields.KindField(max_length=64, verbose_name="kind of person")),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="number")),
                ("retention", models.CharField(max_length=32, verbose_name="kept as")),
                ("basis", models.CharField(max_length=200, verbose_name="why")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(blank=True, max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("keep_until", models.DateField(help_text="The day on which it is destroyed, with all that it seals.")),
                ("house_key", models.CharField(help_text="The key of the house that it lies under.", max_length=16)),
                ("wrapped", models.BinaryField()),
                ("destroyed_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person_keys",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "sealing key",
                "verbose_name_plural": "sealing keys",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("destroyed_on__isnull", True)),
                        fields=["vendor", "keep_until", "id"],
                        name="key_to_destroy",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "subject_id", "retention"), name="one_key_per_person_and_retention"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("destroyed_on__isnull", True), ("wrapped", b""), _connector="OR"),
                        name="destroyed_key_is_gone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Processor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Of a company.", max_length=200)),
                (
                    "vendor",
                    backoffice.fields.VendorField(
                        blank=True,
                        help_text="Whose service it works for.",
                        max_length=64,
                        none="our own systems",
                        verbose_name="contract",
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="what it does")),
                ("data", models.CharField(max_length=200, verbose_name="which data")),
                ("country", backoffice.fields.CountryField(max_length=2, verbose_name="country")),
                (
                    "safeguards",
                    models.CharField(
                        blank=True,
                        help_text="Where the country is outside the EEA.",
                        max_length=200,
                        verbose_name="safeguards of a transfer",
                    ),
                ),
                ("contract_on", models.DateField(blank=True, null=True, verbose_name="under contract since")),
                ("audited_on", models.DateField(blank=True, null=True, verbose_name="last audited on")),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("name", "vendor", "purpose"), name="one_row_per_processing")
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("plan", models.CharField(max_length=100)),
                (
                    "question",
                    models.CharField(
                        choices=[
                            ("eligibility.check", "not eligible"),
                            ("screening.check", "barred, or a person has yet to decide"),
                            ("identity.required", "does not show who it is"),
                        ],
                        max_length=32,
                        verbose_name="refused for",
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("refused_on", models.DateField()),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refused_orders",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("question__in", ["eligibility.check", "screening.check", "identity.required"])
                        ),
                        name="refused_order_question",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResalePermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reseller_agreement", "re-seller agreement"),
                            ("written_permission", "written permission"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reference",
                    models.CharField(help_text="What the paper is called, and where it is kept.", max_length=200),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "until_on",
                    models.DateField(
                        blank=True, help_text="Last day; empty where it has no end.", null=True, verbose_name="until"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom it is given for; empty where it is general, or a reseller's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resale_permissions",
                        to="accounts.customer",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose customers it is given for; empty where it is general, or one customer's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resale_permissions",
                        to="accounts.reseller",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "customer", "reseller", "kind", "reference"),
                        name="one_permission_per_paper",
                        nulls_distinct=False,
                        violation_error_message="This paper is on record already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["reseller_agreement", "written_permission"])),
                        name="permission_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference", ""), _negated=True), name="permission_in_writing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customer__isnull", True), ("reseller__isnull", True), _connector="OR"),
                        name="permission_of_one",
                        violation_error_message="It is given for a customer, or for a reseller, but not for both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="permission_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("manager", "manager"), ("viewer", "viewer")],
                        help_text="A viewer only reads; managers and owners also act.",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.customer",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.reseller",
                    ),
                ),
            ],
            options={
                "verbose_name": "portal member",
                "verbose_name_plural": "portal members",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "reseller"), name="one_membership_of_a_reseller"),
                    models.UniqueConstraint(fields=("user", "customer"), name="one_membership_of_a_customer"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer__isnull", True), ("reseller__isnull", False)),
                            models.Q(("customer__isnull", False), ("reseller__isnull", True)),
                            _connector="OR",
                        ),
                        name="membership_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "manager", "viewer"])), name="membership_role"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "party",
                    models.CharField(
                        choices=[("customer", "customer"), ("end_user", "end user"), ("reseller", "reseller")],
                        default="customer",
                        max_length=8,
                    ),
                ),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the text")),
                ("accepted_at", models.DateTimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("portal", "click in the portal"),
                            ("paper", "signed paper"),
                            ("email", "e-mail"),
                            ("order", "order form"),
                            ("passed_on", "told by whoever passed the text on"),
                        ],
                        max_length=12,
                    ),
                ),
                ("accepted_by", models.CharField(blank=True, max_length=200, verbose_name="accepted by")),
                ("accepted_role", models.CharField(blank=True, max_length=100, verbose_name="whose role is")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("self", "for themselves"),
                            ("officer", "as an officer of the business"),
                            ("administrator", "as a designated administrator"),
                            ("agent", "as an agent"),
                        ],
                        default="self",
                        max_length=13,
                    ),
                ),
                ("authority", models.CharField(blank=True, max_length=250, verbose_name="by the authority of")),
                ("told_by", models.CharField(blank=True, max_length=200, verbose_name="told by")),
                ("evidence", models.CharField(blank=True, help_text="Where the proof of it is kept.", max_length=200)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="accounts.contractdocument",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="accounts.customer",
                    ),
                ),
                (
                    "end_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="accounts.enduser",
                    ),
                ),
                (
                    "reseller",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="accounts.reseller",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["party", "id"], name="agreement_by_party"),
                    models.Index(fields=["how", "id"], name="agreement_by_how"),
                    models.Index(condition=models.Q(("capacity", "agent")), fields=["id"], name="agreement_of_agent"),
                    models.Index(
                        condition=models.Q(("accepted_by", ""), ("party", "customer")),
                        fields=["id"],
                        name="agreement_of_nobody",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("party", "end_user")),
                        fields=("end_user", "document"),
                        name="one_acceptance_per_user",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("party", "reseller")),
                        fields=("reseller", "document"),
                        name="one_agreement_per_reseller",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["self", "officer", "administrator", "agent"])),
                        name="agreement_capacity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["portal", "paper", "email", "order", "passed_on"])),
                        name="agreement_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("how", "passed_on"), _negated=True),
                            models.Q(("evidence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="agreement_passed_on_shown",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("current", models.BooleanField(default=True, help_text="It is the last one.")),
                ("end_use", models.CharField(blank=True, max_length=32, verbose_name="suspected use")),
                (
                    "end_user_country",
                    backoffice.fields.CountryField(blank=True, max_length=2, verbose_name="end user's country"),
                ),
                ("list_sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the list")),
                ("list_date", models.DateField(blank=True, null=True)),
                ("matches", models.JSONField(blank=True, default=list)),
                (
                    "result",
                    models.CharField(
                        choices=[("clear", "clear"), ("possible", "possible match"), ("blocked", "blocked")],
                        max_length=8,
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("screened_on", models.DateField()),
                (
                    "decided_as",
                    models.CharField(
                        blank=True,
                        choices=[("clear", "clear"), ("possible", "possible match"), ("blocked", "blocked")],
                        help_text="What a person decided.",
                        max_length=8,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="screenings", to="accounts.customer"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("current", True)),
                        fields=["vendor", "list_sha256"],
                        name="screening_by_list",
                    ),
                    models.Index(fields=["vendor", "id"], name="screening_by_vendor"),
                    models.Index(
                        condition=models.Q(("result", "clear"), _negated=True),
                        fields=["result", "id"],
                        name="screening_by_result",
                    ),
                    models.Index(
                        condition=models.Q(("decided_as", ""), _negated=True),
                        fields=["decided_as", "id"],
                        name="screening_by_decision",
                    ),
                    models.Index(condition=models.Q(("current", False)), fields=["id"], name="screening_earlier"),
                    models.Index(
                        condition=models.Q(("current", True), ("decided_as", ""), ("result", "possible")),
                        fields=["id"],
                        name="screening_to_decide",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)),
                        fields=("customer", "vendor"),
                        name="one_current_screening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["clear", "possible", "blocked"])), name="screening_result"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_as", ""), ("decided_on__isnull", True)),
                            models.Q(
                                ("decided_as__in", ["clear", "blocked"]),
                                ("decided_on__isnull", False),
                                ("result", "possible"),
                            ),
                            _connector="OR",
                        ),
                        name="screening_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", backoffice.fields.KindField(max_length=64, verbose_name="kind of row")),
                ("row", models.PositiveBigIntegerField(verbose_name="number of the row")),
                ("sealed", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="accounts.personkey"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("key", "model", "row"), name="one_sealed_record_per_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="accounts.sealedrecord"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="opening_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignedPower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(help_text="Where it is kept.", max_length=200)),
                ("filed_on", models.DateField()),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="power", to="accounts.agreement"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "sheet",
                    backoffice.fields.SheetField(
                        help_text="Version of the terms, frozen when they were accepted.",
                        max_length=80,
                        verbose_name="terms",
                    ),
                ),
                ("plan", models.CharField(max_length=100)),
                (
                    "quantity",
                    models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)]),
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
                        ],
                        max_length=16,
                        verbose_name="payment by",
                    ),
                ),
                (
                    "cycle_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty for the contract's own length.",
                        null=True,
                        verbose_name="months of a period",
                    ),
                ),
                (
                    "renewal_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty where the contract knows no periods.",
                        null=True,
                        verbose_name="months of a renewal",
                    ),
                ),
                ("commitment", models.BooleanField(default=False)),
                ("accepted_on", models.DateField()),
                ("start", models.DateField(blank=True, null=True)),
                ("start_because", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for its payment"),
                            ("active", "active"),
                            ("past_due", "past due"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                            ("void", "void"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "overdue_since",
                    models.DateField(blank=True, help_text="First day on which something was overdue.", null=True),
                ),
                (
                    "overdue_told_on",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="The day whose run told of what is overdue, where it is due.",
                        null=True,
                    ),
                ),
                ("notice_on", models.DateField(blank=True, help_text="When a notice to stop was received.", null=True)),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Last day of service; empty while it goes on renewing.", null=True
                    ),
                ),
                ("ends_because", models.JSONField(blank=True, default=list)),
                (
                    "ends_reason",
                    models.CharField(blank=True, help_text="Why it ends, as its history will say.", max_length=16),
                ),
                ("for_resale", models.BooleanField(default=False, help_text="It is passed on to others for money.")),
                (
                    "special_terms",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What is in force of that which was agreed with this customer alone.",
                    ),
                ),
                (
                    "to_confirm",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="The contract has a form to confirm the order, which was not made.",
                    ),
                ),
                (
                    "data_planned_on",
                    models.DateField(
                        blank=True, editable=False, help_text="The day whose run set when its data goes.", null=True
                    ),
                ),
                (
                    "charged_on",
                    models.DateField(
                        blank=True, editable=False, help_text="The day whose run invoiced its first period.", null=True
                    ),
                ),
                (
                    "settled_on",
                    models.DateField(
                        blank=True,
                        editable=False,
                        help_text="The day whose run worked out what comes back after its end.",
                        null=True,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="accounts.customer",
                    ),
                ),
                (
                    "resale_permission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="accounts.resalepermission",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("active", "past_due", "suspended"))),
                        fields=["vendor", "start"],
                        name="subscription_live",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("ends_on__isnull", False), ("state__in", ("active", "past_due", "suspended"))
                        ),
                        fields=["vendor", "ends_on", "id"],
                        name="subscription_to_end",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("overdue_since__isnull", False),
                            ("overdue_told_on__isnull", True),
                            ("state__in", ("active", "past_due", "suspended")),
                        ),
                        fields=["vendor", "overdue_since", "id"],
                        name="subscription_overdue",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("charged_on__isnull", True),
                            ("renewal_months__isnull", False),
                            models.Q(("state", "void"), _negated=True),
                        ),
                        fields=["vendor", "accepted_on", "id"],
                        name="subscription_to_charge",
                    ),
                    models.Index(
                        condition=models.Q(("settled_on__isnull", True), ("state__in", ("ended", "void"))),
                        fields=["vendor", "ends_on", "id"],
                        name="subscription_to_settle",
                    ),
                    models.Index(fields=["state", "id"], name="subscription_by_state"),
                    models.Index(fields=["vendor", "id"], name="subscription_by_vendor"),
                    models.Index(
                        condition=models.Q(("state__in", ("active", "past_due", "suspended")), ("to_confirm", True)),
                        fields=["id"],
                        name="subscription_to_confirm",
                    ),
                    models.Index(fields=["start"], name="subscription_by_start"),
                    models.Index(
                        condition=models.Q(("ends_on__isnull", False)), fields=["ends_on"], name="subscription_by_end"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("resale_permission__isnull", True), ("for_resale", True), _connector="OR"),
                        name="subscription_resale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pending", "active", "past_due", "suspended", "ended", "void"])
                        ),
                        name="subscription_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="subscription_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pending", "void"]), ("start__isnull", False), _connector="OR"
                        ),
                        name="subscription_begun",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("ended", "void")), _negated=True),
                            ("ends_on__isnull", False),
                            _connector="OR",
                        ),
                        name="subscription_ended_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["active", "past_due"]), _negated=True),
                            models.Q(("overdue_since__isnull", True), ("state", "active")),
                            models.Q(("overdue_since__isnull", False), ("state", "past_due")),
                            _connector="OR",
                        ),
                        name="subscription_overdue_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overdue_told_on__isnull", True), ("overdue_since__isnull", False), _connector="OR"
                        ),
                        name="subscription_overdue_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "waiting for its payment"),
                            ("active", "active"),
                            ("past_due", "past due"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                            ("void", "void"),
                        ],
                        max_length=9,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for its payment"),
                            ("active", "active"),
                            ("past_due", "past due"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                            ("void", "void"),
                        ],
                        max_length=9,
                        verbose_name="to",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("ordered", "it was ordered"),
                            ("began", "its term began"),
                            ("overdue", "a payment is overdue"),
                            ("paid", "what was owed was paid"),
                            ("lifted", "what it was suspended for is over"),
                            ("time_over", "the time of the suspension is over"),
                            ("unpaid", "fees were not paid"),
                            ("breach", "a breach of the contract was not put right"),
                            ("irremediable", "a breach of the contract cannot be put right"),
                            ("conduct", "the rules of acceptable use were broken"),
                            ("false_details", "false information was given"),
                            ("ineligible", "what the contract asks of its customers was not shown"),
                            ("insolvent", "the customer cannot pay its debts or its assets are seized"),
                            ("dissolved", "the customer's business is dissolved or handed on"),
                            ("guardian", "a guardian was appointed for the customer"),
                            ("defamation", "the vendor was defamed"),
                            ("unsuitable", "the vendor holds the customer's behaviour unsuitable"),
                            ("hindrance", "the provision of the service is hindered"),
                            ("assigned", "the contract was assigned"),
                            ("death", "the account holder died"),
                            ("merger", "the customer merged with another company"),
                            ("sanctions", "the law forbids to serve the customer"),
                            ("notice", "notice to stop was given"),
                            ("change", "a change of the contract was not accepted"),
                            ("service_end", "the vendor ends the service"),
                            ("force_majeure", "force majeure stands in the way"),
                            ("authority", "an authority or a court ordered it"),
                            ("renewal_void", "its renewal was not paid in time and is void"),
                            ("withdrawn", "the order was withdrawn or declined"),
                        ],
                        max_length=16,
                        verbose_name="because",
                    ),
                ),
                ("on", models.DateField(help_text="The vendor's day on which it moved.")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                (
                    "nothing_back",
                    models.BooleanField(default=False, help_text="The contract says that nothing paid comes back."),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="state_changes",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("subscription_id", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_state", ""), ("to_state__in", ("pending", "active"))),
                            models.Q(("from_state", "pending"), ("to_state__in", ("active", "void"))),
                            models.Q(
                                ("from_state", "active"), ("to_state__in", ("past_due", "suspended", "ended", "void"))
                            ),
                            models.Q(
                                ("from_state", "past_due"), ("to_state__in", ("active", "suspended", "ended", "void"))
                            ),
                            models.Q(
                                ("from_state", "suspended"), ("to_state__in", ("active", "past_due", "ended", "void"))
                            ),
                            _connector="OR",
                        ),
                        name="state_change_allowed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "ordered",
                                    "began",
                                    "overdue",
                                    "paid",
                                    "lifted",
                                    "time_over",
                                    "unpaid",
                                    "breach",
                                    "irremediable",
                                    "conduct",
                                    "false_details",
                                    "ineligible",
                                    "insolvent",
                                    "dissolved",
                                    "guardian",
                                    "defamation",
                                    "unsuitable",
                                    "hindrance",
                                    "assigned",
                                    "death",
                                    "merger",
                                    "sanctions",
                                    "notice",
                                    "change",
                                    "service_end",
                                    "force_majeure",
                                    "authority",
                                    "renewal_void",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="state_change_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("from_state", "")),
                        fields=("subscription",),
                        name="subscription_begins_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_state__in", ("ended", "void"))),
                        fields=("subscription",),
                        name="subscription_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("nothing_back", False), ("to_state__in", ("ended", "void")), _connector="OR"
                        ),
                        name="state_change_nothing_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, verbose_name="value replaced")),
                ("value", models.JSONField(verbose_name="value agreed")),
                ("words", models.CharField(max_length=300, verbose_name="in words")),
                (
                    "reference",
                    models.CharField(
                        help_text="What it is called, and where it is kept.", max_length=200, verbose_name="paper"
                    ),
                ),
                ("in_writing", models.BooleanField(default=True)),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "until_on",
                    models.DateField(blank=True, help_text="First day without it.", null=True, verbose_name="until"),
                ),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="specially_agreed",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("subscription", "key"),
                        name="one_special_term_per_value",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference", ""), _negated=True), name="special_term_has_paper"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="special_term_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="from")),
                ("old_sheet", backoffice.fields.SheetField(max_length=80, verbose_name="version before")),
                ("new_sheet", backoffice.fields.SheetField(max_length=80, verbose_name="new version")),
                (
                    "agreed",
                    models.BooleanField(
                        default=False, help_text="Else it stayed, being told.", verbose_name="the customer agreed to it"
                    ),
                ),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "amendment_notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet_change",
                        to="accounts.amendmentnotice",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheet_changes",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of version",
                "verbose_name_plural": "changes of version",
                "ordering": ("subscription_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "new_sheet"), name="one_change_to_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("old_sheet", models.F("new_sheet")), _negated=True),
                        name="sheet_changed_to_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="seatchange",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seat_changes", to="accounts.subscription"
            ),
        ),
        migrations.CreateModel(
            name="ResaleOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("plan", models.CharField(max_length=100)),
                ("quantity", models.PositiveIntegerField()),
                ("asked_on", models.DateField()),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Empty where the contract is silent.", max_length=20),
                ),
                (
                    "needs",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reseller_agreement", "re-seller agreement"),
                            ("written_permission", "written permission"),
                        ],
                        max_length=20,
                    ),
                ),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resale_orders",
                        to="accounts.customer",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="accounts.resalepermission",
                    ),
                ),
                (
                    "subscription",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty where the order was blocked, or refused for another reason.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resale_order",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("permission__isnull", True), ("subscription__isnull", False), _connector="OR"
                        ),
                        name="resale_permission_used",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "says",
                    models.TextField(blank=True, help_text="What the contract answered; empty where it is silent."),
                ),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                ("domain", models.CharField(max_length=253)),
                ("change", models.CharField(help_text="What is to be changed.", max_length=200)),
                (
                    "asked_by",
                    models.CharField(
                        choices=[
                            ("registrant", "the registrant"),
                            ("administrative_contact", "the administrative contact"),
                            ("other", "somebody else"),
                        ],
                        help_text="As the domain's register has it today.",
                        max_length=22,
                    ),
                ),
                ("asked_on", models.DateField()),
                (
                    "allowed",
                    models.BooleanField(blank=True, help_text="Empty where the contract is silent.", null=True),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record_requests",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a domain's records",
                "verbose_name_plural": "changes of domains' records",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="ReceivedNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=200, unique=True)),
                (
                    "sender",
                    models.CharField(
                        choices=[("customer", "customer"), ("end_user", "end user"), ("vendor", "vendor")],
                        default="customer",
                        max_length=8,
                        verbose_name="from",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("renewal", "that the term will renew"),
                            ("non_renewal", "not to renew"),
                            ("termination", "to end the contract"),
                            ("breach", "of a breach"),
                            ("default", "of default"),
                            ("complaint", "of a defect"),
                            ("damage", "of damage"),
                            ("dispute", "that a bill is disputed"),
                            ("leaving", "to leave because of a change"),
                            ("amendment", "of a change of the contract"),
                            ("price", "of a new price"),
                            ("other", "of something else"),
                        ],
                        max_length=16,
                        verbose_name="notice",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("email", "by e-mail"),
                            ("letter", "by letter"),
                            ("registered_letter", "by registered letter"),
                            ("account_page", "on the account page"),
                            ("ticket", "by the ticket system"),
                            ("deletion_of_accounts", "by having all accounts deleted"),
                            ("phone", "by telephone"),
                            ("other", "in another form"),
                        ],
                        max_length=24,
                    ),
                ),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("received_at", models.DateTimeField()),
                ("counts", models.BooleanField()),
                ("counts_at", models.DateTimeField(blank=True, null=True, verbose_name="counts from")),
                (
                    "counts_on",
                    models.DateField(
                        blank=True, help_text="The vendor's day of that moment.", null=True, verbose_name="counts on"
                    ),
                ),
                (
                    "because",
                    models.JSONField(blank=True, default=list, help_text="Empty where the contract asks for no form."),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="What a notice to stop led to.",
                        null=True,
                        verbose_name="last day of service",
                    ),
                ),
                (
                    "filed",
                    models.CharField(
                        blank=True,
                        help_text="Number of the file, ticket or letter; nothing personal.",
                        max_length=200,
                        verbose_name="where it lies",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for a vendor's.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_notices",
                        to="accounts.customer",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty where it is about no single one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_notices",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-received_at", "-id"),
                "indexes": [models.Index(fields=["vendor", "sender", "counts_on"], name="received_notice_of_vendor")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("counts", True), ("counts_at__isnull", False), ("counts_on__isnull", False)),
                            models.Q(("counts", False), ("counts_at", None), ("counts_on", None), ("ends_on", None)),
                            _connector="OR",
                        ),
                        name="received_notice_counts_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sender", "vendor"), ("customer__isnull", False), _connector="OR"),
                        name="received_notice_has_sender",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("ordered", "it was ordered"),
                            ("began", "its term began"),
                            ("overdue", "a payment is overdue"),
                            ("paid", "what was owed was paid"),
                            ("lifted", "what it was suspended for is over"),
                            ("time_over", "the time of the suspension is over"),
                            ("unpaid", "fees were not paid"),
                            ("breach", "a breach of the contract was not put right"),
                            ("irremediable", "a breach of the contract cannot be put right"),
                            ("conduct", "the rules of acceptable use were broken"),
                            ("false_details", "false information was given"),
                            ("ineligible", "what the contract asks of its customers was not shown"),
                            ("insolvent", "the customer cannot pay its debts or its assets are seized"),
                            ("dissolved", "the customer's business is dissolved or handed on"),
                            ("guardian", "a guardian was appointed for the customer"),
                            ("defamation", "the vendor was defamed"),
                            ("unsuitable", "the vendor holds the customer's behaviour unsuitable"),
                            ("hindrance", "the provision of the service is hindered"),
                            ("assigned", "the contract was assigned"),
                            ("death", "the account holder died"),
                            ("merger", "the customer merged with another company"),
                            ("sanctions", "the law forbids to serve the customer"),
                            ("notice", "notice to stop was given"),
                            ("change", "a change of the contract was not accepted"),
                            ("service_end", "the vendor ends the service"),
                            ("force_majeure", "force majeure stands in the way"),
                            ("authority", "an authority or a court ordered it"),
                            ("renewal_void", "its renewal was not paid in time and is void"),
                            ("withdrawn", "the order was withdrawn or declined"),
                        ],
                        max_length=16,
                        verbose_name="because",
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[("customer", "customer"), ("vendor", "vendor")], max_length=8, verbose_name="from the"
                    ),
                ),
                ("told_on", models.DateField(help_text="When it was told, or counted as received.")),
                ("ends_on", models.DateField(verbose_name="last day of service")),
                ("taken_back_on", models.DateField(blank=True, null=True)),
                ("sheet", models.CharField(max_length=80)),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                (
                    "amendment_notice",
                    models.ForeignKey(
                        blank=True,
                        help_text="What ends it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_ends",
                        to="accounts.amendmentnotice",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_ends",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("subscription_id", "ends_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "ordered",
                                    "began",
                                    "overdue",
                                    "paid",
                                    "lifted",
                                    "time_over",
                                    "unpaid",
                                    "breach",
                                    "irremediable",
                                    "conduct",
                                    "false_details",
                                    "ineligible",
                                    "insolvent",
                                    "dissolved",
                                    "guardian",
                                    "defamation",
                                    "unsuitable",
                                    "hindrance",
                                    "assigned",
                                    "death",
                                    "merger",
                                    "sanctions",
                                    "notice",
                                    "change",
                                    "service_end",
                                    "force_majeure",
                                    "authority",
                                    "renewal_void",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="planned_end_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__in", ["customer", "vendor"])), name="planned_end_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedDisposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "data",
                    models.CharField(
                        choices=[("contact", "contacts"), ("account", "accounts of users")], max_length=16
                    ),
                ),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("basis", models.CharField(max_length=200, verbose_name="why")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "wanted",
                    models.CharField(
                        choices=[("nothing_said", "nothing was said"), ("delete", "deleted"), ("return", "given back")],
                        default="nothing_said",
                        help_text="What the customer wants of it, where the contract lets it choose.",
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("returned_on", models.DateField(blank=True, null=True, verbose_name="given back on")),
                ("done_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_disposals",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_on__isnull", True), ("due_on__isnull", False)),
                        fields=["vendor", "due_on", "id"],
                        name="disposal_to_do",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "data"), name="one_disposal_per_contract_and_data"),
                    models.CheckConstraint(
                        condition=models.Q(("data__in", ["contact", "account"])), name="planned_data_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.PositiveIntegerField(verbose_name="periods before it")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "running"), ("renewed", "renewed"), ("ended", "ended")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                (
                    "closes_on",
                    models.DateField(
                        help_text="Last day of service: its end, or the day before it that was given notice for."
                    ),
                ),
                (
                    "renews",
                    models.BooleanField(default=True, help_text="Another period follows it, as far as is known."),
                ),
                ("renews_on", models.DateField()),
                ("due_on", models.DateField(help_text="When the payment for the next period is due.")),
                ("invoice_on", models.DateField(help_text="First day on which the next period may be charged.")),
                (
                    "pay_by",
                    models.DateField(blank=True, help_text="Last day before an unpaid renewal is void.", null=True),
                ),
                ("non_renewal_by", models.DateField(help_text="Last day for a notice not to renew.")),
                (
                    "renewal_notice_on",
                    models.DateField(blank=True, help_text="When the customer is told of the renewal.", null=True),
                ),
                ("because", models.JSONField()),
                (
                    "tell_on",
                    models.DateField(
                        blank=True,
                        help_text="When the renewal notice leaves, so that it counts as received in time.",
                        null=True,
                    ),
                ),
                ("tell_because", models.JSONField(blank=True, default=list)),
                (
                    "noticed_on",
                    models.DateField(blank=True, help_text="The day whose run wrote the renewal notice.", null=True),
                ),
                (
                    "invoiced_on",
                    models.DateField(blank=True, help_text="The day whose run invoiced the next period.", null=True),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="accounts.subscription"
                    ),
                ),
            ],
            options={
                "ordering": ("subscription_id", "index"),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("noticed_on__isnull", True),
                            ("renews", True),
                            ("state", "open"),
                            ("tell_on__isnull", False),
                        ),
                        fields=["vendor", "tell_on", "id"],
                        name="period_to_notice",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True), ("invoiced_on__isnull", True), ("renews", True)
                        ),
                        fields=["vendor", "invoice_on", "id"],
                        name="period_to_invoice",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["vendor", "closes_on", "id"],
                        name="period_to_close",
                    ),
                    models.Index(
                        condition=models.Q(("renews", True), ("state", "open")),
                        fields=["vendor", "non_renewal_by", "id"],
                        name="period_to_stop",
                    ),
                    models.Index(fields=["state", "id"], name="period_by_state"),
                    models.Index(fields=["vendor", "period_start"], name="period_by_vendor"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "index"), name="one_period_per_index"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "renewed", "ended"])), name="period_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lte", models.F("period_end"))),
                        name="period_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ownership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "controller",
                    models.CharField(blank=True, help_text="Who controls it, where not its owner.", max_length=200),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "until_on",
                    models.DateField(
                        blank=True, help_text="First day on which it was another's.", null=True, verbose_name="until"
                    ),
                ),
                ("told_by", models.CharField(blank=True, max_length=200, verbose_name="told by")),
                ("created_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ownerships", to="accounts.customer"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ownerships",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("subscription_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on__isnull", True)),
                        fields=("subscription",),
                        name="one_owner_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="ownership_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OptionCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("option", models.CharField(max_length=100)),
                ("allowed", models.BooleanField()),
                ("reason", models.CharField(max_length=32)),
                ("asked_on", models.DateField()),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="option_checks",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("allowed", True)),
                        fields=("subscription", "option"),
                        name="one_option_per_contract",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("on", models.DateField()),
                ("notice_on", models.DateField(help_text="When the notice had come.")),
                ("ends_on", models.DateField(help_text="The end that it had set.")),
                (
                    "agreed",
                    models.BooleanField(default=False, help_text="The vendor agreed, where the contract is silent."),
                ),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawals",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="subscription",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="accounts.subscription",
            ),
        ),
        migrations.CreateModel(
            name="Misuse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "says",
                    models.TextField(blank=True, help_text="What the contract answered; empty where it is silent."),
                ),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                ("reporter_email", models.EmailField(max_length=254, verbose_name="reported by")),
                ("text", models.TextField()),
                ("known_at", models.DateTimeField(verbose_name="known since")),
                ("reported_at", models.DateTimeField()),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="Empty where the contract gives no time.", null=True),
                ),
                ("in_time", models.BooleanField(blank=True, null=True)),
                ("customer_answers", models.BooleanField(default=False, verbose_name="the customer answers for it")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="misuses", to="accounts.subscription"
                    ),
                ),
            ],
            options={
                "verbose_name": "use by others",
                "verbose_name_plural": "use by others",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("known_at__lte", models.F("reported_at"))),
                        name="misuse_known_before_told",
                        violation_error_message="It cannot have been reported before it was known.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at__isnull", True), ("in_time__isnull", True)),
                            models.Q(("due_at__isnull", False), ("in_time__isnull", False)),
                            _connector="OR",
                        ),
                        name="misuse_judged",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="licence",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="licences", to="accounts.subscription"
            ),
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "relation",
                    models.CharField(
                        help_text="A company of its group, its successor, or somebody else.", max_length=12
                    ),
                ),
                ("consent", models.BooleanField(default=False, verbose_name="the vendor has consented in writing")),
                ("told_in_writing", models.BooleanField(default=False, verbose_name="told in writing beforehand")),
                ("bound", models.BooleanField(default=False, verbose_name="who takes it over agrees to be bound")),
                ("on", models.DateField()),
                ("allowed", models.BooleanField()),
                ("reason", models.CharField(max_length=12)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "from_customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_on",
                        to="accounts.customer",
                        verbose_name="from",
                    ),
                ),
                (
                    "to_customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_over",
                        to="accounts.customer",
                        verbose_name="to",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_customer", models.F("to_customer")), _negated=True),
                        name="handed_on_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("relation__in", ["group", "successor", "other"])), name="handover_relation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForceMajeure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "by",
                    models.CharField(
                        choices=[("customer", "the customer"), ("vendor", "the vendor, or us")],
                        default="vendor",
                        max_length=8,
                        verbose_name="who is prevented",
                    ),
                ),
                ("text", models.TextField(help_text="Nothing about persons.", verbose_name="what happened")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("began_on", models.DateField()),
                ("told_on", models.DateField(blank=True, help_text="When the other party was told.", null=True)),
                ("tell_by", models.DateField(blank=True, help_text="Last day for telling the other party.", null=True)),
                ("over_on", models.DateField(blank=True, null=True, verbose_name="first day without it")),
                ("dissolve_from", models.DateField(blank=True, null=True, verbose_name="may be dissolved from")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "subscription",
                    models.ForeignKey(
                        blank=True,
                        help_text="The customer's contract; empty where the vendor is prevented.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="force_majeure",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "case of force majeure",
                "verbose_name_plural": "cases of force majeure",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", "vendor"), ("subscription", None)),
                            models.Q(("by", "customer"), ("subscription__isnull", False)),
                            _connector="OR",
                        ),
                        name="force_majeure_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("over_on__isnull", True), ("over_on__gte", models.F("began_on")), _connector="OR"
                        ),
                        name="force_majeure_over_later",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_requests",
                to="accounts.subscription",
            ),
        ),
        migrations.CreateModel(
            name="EndRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("asked_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.OneToOneField(
                        blank=True,
                        help_text="Tells that it is done.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completes",
                        to="accounts.notice",
                    ),
                ),
                (
                    "subscription",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end_request",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_on__isnull", True), ("notice__isnull", False)),
                        fields=["notice"],
                        name="end_to_complete",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("notice__isnull", False), _connector="OR"),
                        name="end_request_told_first",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EligibilityCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for documents"),
                            ("reminded", "reminded"),
                            ("shown", "shown"),
                            ("lost", "not eligible any more"),
                            ("ended", "the contract ended"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("documents_by", models.DateField(help_text="The last day for the documents.")),
                ("documents_on", models.DateField(blank=True, null=True, verbose_name="documents came on")),
                ("reminded_on", models.DateField(blank=True, null=True)),
                (
                    "may_end_from",
                    models.DateField(blank=True, help_text="First day on which the contract may be ended.", null=True),
                ),
                ("act_on", models.DateField(blank=True, null=True, verbose_name="next looked at on")),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("refund_lost", models.BooleanField(default=False, verbose_name="nothing is paid back")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="eligibility",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("act_on__isnull", False)),
                        fields=["vendor", "act_on", "id"],
                        name="eligibility_to_look",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "reminded", "shown", "lost", "ended"])),
                        name="eligibility_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "reminded"), _negated=True),
                            models.Q(("act_on__isnull", False), ("reminded_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="eligibility_reminded_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "shown"), _negated=True),
                            ("documents_on__isnull", False),
                            _connector="OR",
                        ),
                        name="eligibility_shown_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True), ("act_on__isnull", True), _connector="OR"
                        ),
                        name="eligibility_ended_is_over",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("no_preparation", "prepares and commits no crime"),
                            ("no_promotion", "promotes and instigates no crime"),
                            ("no_benefit", "draws no benefit from a crime"),
                            ("lawful_funds", "pays from lawful sources"),
                            ("no_listed_crimes", "has no part in the crimes listed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("declared_on", models.DateField()),
                ("declared_by", models.EmailField(max_length=254)),
                ("text_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the words")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "kind"), name="one_declaration_of_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["no_preparation", "no_promotion", "no_benefit", "lawful_funds", "no_listed_crimes"],
                            )
                        ),
                        name="declaration_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("migration", "the time to move data is over"),
                            ("close", "the account is closed"),
                            ("disconnect", "the users are disconnected"),
                            ("delete", "the data is deleted"),
                            ("backups", "the backups are gone"),
                            ("exclusion", "the space is left out of the backups"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to come"),
                            ("due", "to be instructed"),
                            ("instructed", "instructed"),
                            ("done", "done"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("instructed_on", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "disposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_steps",
                        to="accounts.disposal",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_steps",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "step with data",
                "verbose_name_plural": "steps with data",
                "ordering": ("subscription_id", "due_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["vendor", "due_on", "id"],
                        name="data_step_to_come",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subscription", "kind"), name="one_data_step_of_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["migration", "close", "disconnect", "delete", "backups", "exclusion"])
                        ),
                        name="data_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "due", "instructed", "done"])),
                        name="data_step_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "instructed"), _negated=True),
                            ("instructed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="data_step_instructed_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True), ("done_on__isnull", False), _connector="OR"
                        ),
                        name="data_step_done_dated",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="datarequest",
            name="subscription",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose terms answer.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="data_requests",
                to="accounts.subscription",
            ),
        ),
        migrations.CreateModel(
            name="ConfirmationForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer_class",
                    models.CharField(
                        choices=[
                            ("individual", "individual"),
                            ("smb", "small or medium business"),
                            ("enterprise", "enterprise"),
                        ],
                        max_length=10,
                        verbose_name="class",
                    ),
                ),
                ("business_use", models.BooleanField(verbose_name="for use in business")),
                ("product", models.CharField(max_length=100)),
                ("start", models.DateField(verbose_name="first day")),
                ("months", models.PositiveSmallIntegerField(verbose_name="months of the term")),
                ("price_minor", models.BigIntegerField(verbose_name="price in minor units")),
                ("currency", models.CharField(max_length=3)),
                ("licences", models.PositiveIntegerField(blank=True, null=True)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField()),
                ("made_at", models.DateTimeField()),
                (
                    "subscription",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("customer_class__in", ["individual", "smb", "enterprise"])),
                        name="confirmation_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__gte", 1), ("price_minor__gte", 0)), name="confirmation_figures"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="conductcase",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="conduct_cases", to="accounts.subscription"
            ),
        ),
        migrations.CreateModel(
            name="BulkMailing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "says",
                    models.TextField(blank=True, help_text="What the contract answered; empty where it is silent."),
                ),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                ("mailing", models.CharField(help_text="Names no recipient.", max_length=200)),
                ("number", models.PositiveIntegerField(verbose_name="recipients, subscribers or messages")),
                (
                    "most",
                    models.PositiveIntegerField(
                        blank=True, help_text="That the vendor had set.", null=True, verbose_name="limit"
                    ),
                ),
                (
                    "privacy_policy",
                    models.BooleanField(default=False, verbose_name="a privacy policy stands on the domain"),
                ),
                (
                    "complaints_address",
                    models.EmailField(
                        blank=True,
                        help_text="As it stands on the website; empty where none does.",
                        max_length=254,
                        verbose_name="address for complaints",
                    ),
                ),
                (
                    "confirmed_consent",
                    models.BooleanField(default=False, verbose_name="recipients have confirmed that they want it"),
                ),
                (
                    "recipient_shown",
                    models.BooleanField(default=False, verbose_name="the recipient's address stands in the mail"),
                ),
                ("checked_on", models.DateField()),
                (
                    "lacks",
                    models.JSONField(
                        blank=True, default=list, help_text="Violations, as the contract's list calls them."
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulk_mailings",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "mailing", "checked_on"), name="one_check_of_a_mailing_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payment", "not paid"),
                            ("material", "a material breach"),
                            ("software", "forbidden software or use"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[("customer", "the customer"), ("vendor", "the vendor")],
                        default="customer",
                        max_length=8,
                        verbose_name="in breach",
                    ),
                ),
                (
                    "detail",
                    models.TextField(help_text="What is wrong, as the notice tells it, so that it can be put right."),
                ),
                ("remediable", models.BooleanField(default=True, verbose_name="can be put right")),
                ("noticed_on", models.DateField(verbose_name="told on")),
                ("received_on", models.DateField(help_text="When the notice counts as received.")),
                (
                    "cure_by",
                    models.DateField(
                        blank=True, help_text="Last day to put it right; empty where none is owed.", null=True
                    ),
                ),
                (
                    "may_end_from",
                    models.DateField(blank=True, help_text="First day on which the contract may be ended.", null=True),
                ),
                ("suspend_at_once", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be put right"),
                            ("due", "the contract may be ended"),
                            ("put_right", "put right"),
                            ("ended", "the contract was ended"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("put_right_on", models.DateField(blank=True, null=True)),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breach",
                        to="accounts.notice",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="breaches", to="accounts.subscription"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "breaches",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("may_end_from__isnull", False), ("state", "open")),
                        fields=["vendor", "may_end_from", "id"],
                        name="breach_to_fall_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "due"])),
                        fields=("subscription", "kind", "by"),
                        name="one_breach_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["payment", "material", "software"])), name="breach_kind"
                    ),
                    models.CheckConstraint(condition=models.Q(("by__in", ["customer", "vendor"])), name="breach_by"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "due", "put_right", "ended"])), name="breach_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "put_right"), _negated=True),
                            ("put_right_on__isnull", False),
                            _connector="OR",
                        ),
                        name="breach_put_right_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cure_by__isnull", True), ("cure_by__gte", models.F("received_on")), _connector="OR"
                        ),
                        name="breach_cured_after",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="amendmentnotice",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendment_notices",
                to="accounts.subscription",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="subscription",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreements",
                to="accounts.subscription",
            ),
        ),
        migrations.CreateModel(
            name="AbuseReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("first_name", models.CharField(blank=True, max_length=100)),
                ("last_name", models.CharField(blank=True, max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("email_works", models.BooleanField(default=False, verbose_name="the e-mail works")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                ("phone_works", models.BooleanField(default=False, verbose_name="the telephone works")),
                ("hands_on_mail", models.BooleanField(default=False, verbose_name="hands on a mail")),
                ("full_headers", models.BooleanField(default=False, verbose_name="the mail has all its headers")),
                ("text", models.TextField()),
                ("reported_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits to be looked at"),
                            ("refused", "refused"),
                            ("case", "became a case"),
                            ("dismissed", "looked at, no violation"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "lacks",
                    models.JSONField(
                        blank=True, default=list, help_text="What the contract wants of a report and it has not."
                    ),
                ),
                ("wanted", models.JSONField(blank=True, default=list, help_text="What it should be completed by.")),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="accounts.conductcase",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose contract it is about; empty while that is not known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="abuse_reports",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["vendor", "id"], name="abuse_report_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "refused", "case", "dismissed"])),
                        name="abuse_report_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", False), ("state", "case")),
                            models.Q(models.Q(("state", "case"), _negated=True), ("case__isnull", True)),
                            _connector="OR",
                        ),
                        name="abuse_report_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email_works", False), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="abuse_report_email_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phone_works", False), models.Q(("phone", ""), _negated=True), _connector="OR"
                        ),
                        name="abuse_report_phone_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("event", models.CharField(choices=[("death", "death"), ("merger", "merger")], max_length=6)),
                ("told_on", models.DateField()),
                ("in_writing", models.BooleanField()),
                ("may_end_until", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "the vendor may end the contract"),
                            ("passed_on", "who follows has taken it over"),
                            ("ended", "the contract ended"),
                            ("void", "was not told in the form that counts"),
                        ],
                        max_length=9,
                    ),
                ),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("may_end_until__isnull", False), ("state", "open")),
                        fields=["vendor", "may_end_until", "id"],
                        name="succession_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "void"), _negated=True),
                        fields=("subscription", "event"),
                        name="one_succession_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("event__in", ["death", "merger"])), name="succession_event"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "passed_on", "ended", "void"])),
                        name="succession_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("ordered", "it was ordered"),
                            ("began", "its term began"),
                            ("overdue", "a payment is overdue"),
                            ("paid", "what was owed was paid"),
                            ("lifted", "what it was suspended for is over"),
                            ("time_over", "the time of the suspension is over"),
                            ("unpaid", "fees were not paid"),
                            ("breach", "a breach of the contract was not put right"),
                            ("irremediable", "a breach of the contract cannot be put right"),
                            ("conduct", "the rules of acceptable use were broken"),
                            ("false_details", "false information was given"),
                            ("ineligible", "what the contract asks of its customers was not shown"),
                            ("insolvent", "the customer cannot pay its debts or its assets are seized"),
                            ("dissolved", "the customer's business is dissolved or handed on"),
                            ("guardian", "a guardian was appointed for the customer"),
                            ("defamation", "the vendor was defamed"),
                            ("unsuitable", "the vendor holds the customer's behaviour unsuitable"),
                            ("hindrance", "the provision of the service is hindered"),
                            ("assigned", "the contract was assigned"),
                            ("death", "the account holder died"),
                            ("merger", "the customer merged with another company"),
                            ("sanctions", "the law forbids to serve the customer"),
                            ("notice", "notice to stop was given"),
                            ("change", "a change of the contract was not accepted"),
                            ("service_end", "the vendor ends the service"),
                            ("force_majeure", "force majeure stands in the way"),
                            ("authority", "an authority or a court ordered it"),
                            ("renewal_void", "its renewal was not paid in time and is void"),
                            ("withdrawn", "the order was withdrawn or declined"),
                        ],
                        max_length=16,
                        verbose_name="because",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "until_on",
                    models.DateField(
                        blank=True, help_text="Last day; empty until it is put right.", null=True, verbose_name="until"
                    ),
                ),
                ("lifted_on", models.DateField(blank=True, help_text="First day without it.", null=True)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_on__isnull", True), ("until_on__isnull", False)),
                        fields=["vendor", "until_on", "id"],
                        name="suspension_to_end",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_on__isnull", True)),
                        fields=("subscription", "reason"),
                        name="one_suspension_per_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "ordered",
                                    "began",
                                    "overdue",
                                    "paid",
                                    "lifted",
                                    "time_over",
                                    "unpaid",
                                    "breach",
                                    "irremediable",
                                    "conduct",
                                    "false_details",
                                    "ineligible",
                                    "insolvent",
                                    "dissolved",
                                    "guardian",
                                    "defamation",
                                    "unsuitable",
                                    "hindrance",
                                    "assigned",
                                    "death",
                                    "merger",
                                    "sanctions",
                                    "notice",
                                    "change",
                                    "service_end",
                                    "force_majeure",
                                    "authority",
                                    "renewal_void",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="suspension_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                        ),
                        name="suspension_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=accounts.models.tickets.new_reference, editable=False, max_length=10, unique=True
                    ),
                ),
                (
                    "vendor",
                    backoffice.fields.VendorField(
                        help_text="Repeats what the subscription says, to narrow lists by.",
                        max_length=64,
                        verbose_name="contract",
                    ),
                ),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("reporter_name", models.CharField(blank=True, max_length=200, verbose_name="name of who asks")),
                ("reporter_email", models.EmailField(max_length=254, verbose_name="address of who asks")),
                (
                    "by_administrator",
                    models.BooleanField(default=False, verbose_name="asked by a designated administrator"),
                ),
                (
                    "agreed_in_writing",
                    models.BooleanField(default=False, verbose_name="support for others was agreed in writing"),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        help_text="As the contract names it; empty for one it gives no time to.",
                        max_length=40,
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("severity", models.CharField(blank=True, max_length=100)),
                ("type", models.CharField(blank=True, max_length=100)),
                ("text", models.TextField(blank=True, verbose_name="description")),
                ("reported_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("refused", "refused"),
                            ("incomplete", "not complete yet"),
                            ("open", "waits for an answer"),
                            ("answered", "answered"),
                            ("closed", "closed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("who_because", models.JSONField(blank=True, default=list)),
                (
                    "refused_for",
                    models.CharField(blank=True, help_text="Why it was refused; empty unless it was.", max_length=40),
                ),
                (
                    "sla_breach",
                    models.BooleanField(
                        default=False,
                        help_text="The contract holds it against the customer.",
                        verbose_name="breach of the service levels",
                    ),
                ),
                (
                    "missing",
                    models.JSONField(
                        blank=True, default=list, help_text="What the contract wants that it does not hold yet."
                    ),
                ),
                ("complete_because", models.JSONField(blank=True, default=list)),
                (
                    "clock_from",
                    models.DateTimeField(
                        blank=True, help_text="When its time began: when it was reported, or complete.", null=True
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(blank=True, help_text="Empty where the contract gives no time.", null=True),
                ),
                (
                    "warn_at",
                    models.DateTimeField(blank=True, help_text="When four fifths of its time are over.", null=True),
                ),
                ("due_because", models.JSONField(blank=True, default=list)),
                (
                    "alarm_at",
                    models.DateTimeField(blank=True, help_text="When the next alarm rings; empty for none.", null=True),
                ),
                (
                    "alarmed",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The part of its time, in percent, that an alarm has told of."
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "worked_around_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="temporary correction given at"),
                ),
                ("fix_by", models.DateField(blank=True, null=True, verbose_name="to be corrected for good by")),
                ("fix_because", models.JSONField(blank=True, default=list)),
                ("fixed_at", models.DateTimeField(blank=True, null=True, verbose_name="corrected for good at")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="accounts.subscription"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["alarm_at", "id"], name="ticket_to_alarm"
                    ),
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="ticket_waiting"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["refused", "incomplete", "open", "answered", "closed"])),
                        name="ticket_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("clock_from", None), ("state", "refused"), models.Q(("refused_for", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "refused"), _negated=True),
                                ("refused_for", ""),
                                ("sla_breach", False),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_refused_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            models.Q(("answered_at", None), ("clock_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="ticket_open_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at", None),
                            models.Q(("clock_from__isnull", False), ("clock_from__lte", models.F("due_at"))),
                            _connector="OR",
                        ),
                        name="ticket_due_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at", None), ("warn_at", None)),
                            models.Q(
                                ("due_at__isnull", False),
                                ("warn_at__isnull", False),
                                ("warn_at__lte", models.F("due_at")),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_warned_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ticket_answered_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                            _connector="OR",
                        ),
                        name="ticket_closed_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("alarm_at", None), models.Q(("due_at__isnull", False), ("state", "open")), _connector="OR"
                        ),
                        name="ticket_alarm_of_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reclassification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.CharField(
                        choices=[("customer", "the customer"), ("vendor", "us")], max_length=8, verbose_name="asked by"
                    ),
                ),
                ("old_priority", models.CharField(blank=True, max_length=40)),
                ("new_priority", models.CharField(blank=True, max_length=40)),
                ("old_due_at", models.DateTimeField(blank=True, null=True)),
                ("new_due_at", models.DateTimeField(blank=True, null=True)),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reclassifications",
                        to="accounts.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("ticket_id", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("old_priority", models.F("new_priority")), _negated=True),
                        name="reclassified_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__in", ["customer", "vendor"])), name="reclassified_by_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MovedDeadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_due_on", models.DateField()),
                ("new_due_on", models.DateField()),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "breach",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_deadlines",
                        to="accounts.breach",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moved", to="accounts.forcemajeure"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_deadlines",
                        to="accounts.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("event_id", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("event", "ticket"), name="ticket_moved_once"),
                    models.UniqueConstraint(fields=("event", "breach"), name="breach_moved_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("breach__isnull", False), ("ticket", None)),
                            models.Q(("breach", None), ("ticket__isnull", False)),
                            _connector="OR",
                        ),
                        name="moved_deadline_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_due_on__gt", models.F("old_due_on"))), name="deadline_moved_later"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("received_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("status", "word of a delivery"), ("reply", "answer"), ("other", "other mail")],
                        max_length=6,
                    ),
                ),
                ("vouched", models.BooleanField(verbose_name="our server vouches for its sender")),
                ("sender", models.CharField(max_length=254, verbose_name="from")),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("action", models.CharField(blank=True, max_length=20, verbose_name="what became of the letter")),
                ("result", models.TextField(blank=True, verbose_name="what the other server said")),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="attempt of the letter")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waits for staff"), ("acted", "done"), ("filed", "filed")], max_length=8
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="accounts.customer",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="accounts.notice",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="accounts.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail that came in",
                "verbose_name_plural": "mail that came in",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["received_at"], name="mail_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message_id", "sha256"), name="one_row_per_mail"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="mail_settled_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(help_text="The deadline that it tells of.")),
                ("percent", models.PositiveSmallIntegerField(help_text="Part of the time that was over.")),
                ("rang_at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="accounts.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ("ticket_id", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "due_at", "percent"), name="one_alarm_per_deadline_and_part"
                    ),
                    models.CheckConstraint(condition=models.Q(("percent__in", [80, 100])), name="alarm_percent_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("to_country", backoffice.fields.CountryField(max_length=2, verbose_name="to country")),
                ("on", models.DateField()),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer_consents",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [models.UniqueConstraint(fields=("customer", "vendor"), name="one_transfer_consent")],
            },
        ),
        migrations.CreateModel(
            name="VendorContract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("reference", models.CharField(max_length=100, verbose_name="the vendor's number of it")),
                (
                    "plan",
                    models.CharField(
                        blank=True, help_text="Empty for every plan.", max_length=100, verbose_name="covers the plan"
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)]),
                ),
                ("start", models.DateField()),
                (
                    "cycle_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="months of a period"),
                ),
                ("commitment", models.BooleanField(default=False)),
                ("opens_on", models.DateField(blank=True, editable=False, null=True)),
                ("periods", models.PositiveIntegerField(default=0, editable=False)),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day of service")),
                ("ends_because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "subscription",
                    models.ForeignKey(
                        blank=True,
                        help_text="The one contract that it stands behind; empty where it serves many.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vendor_contracts",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract with a vendor",
                "verbose_name_plural": "contracts with vendors",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("opens_on__isnull", False)),
                        fields=["vendor", "opens_on", "id"],
                        name="vendor_contract_opens",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("vendor", "reference"),
                        name="one_vendor_contract_per_reference",
                        violation_error_message="This contract is in the books already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)), name="vendor_contract_of_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VendorClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("non_renewal", "last day to keep it from renewing"),
                            ("payment", "payment due"),
                            ("dispute", "last day to dispute a bill"),
                            ("credit_claim", "last day to claim credits"),
                            ("leave", "last day to leave because of a change"),
                            ("change", "a change takes effect"),
                            ("end", "last day of service"),
                        ],
                        max_length=12,
                    ),
                ),
                ("about", models.CharField(help_text="The period, the bill, the month or the change.", max_length=80)),
                ("since", models.DateField(help_text="When its time began.", verbose_name="runs since")),
                ("period_end", models.DateField(blank=True, editable=False, null=True)),
                ("due_on", models.DateField(verbose_name="the vendor's day")),
                (
                    "customers_day",
                    models.DateField(blank=True, help_text="Our customer's own deadline, where it has one.", null=True),
                ),
                ("binds_on", models.DateField(help_text="The earlier of the two.", verbose_name="to be done by")),
                ("warn_on", models.DateField()),
                ("look_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be done"),
                            ("met", "done"),
                            ("missed", "missed"),
                            ("void", "needed no more"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("warned_on", models.DateField(blank=True, null=True)),
                ("missed_on", models.DateField(blank=True, null=True)),
                ("met_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vendor_clocks",
                        to="accounts.receivednotice",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="accounts.vendorcontract"
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline of ours with a vendor",
                "verbose_name_plural": "deadlines of ours with vendors",
                "ordering": ("binds_on", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("look_on__isnull", False)),
                        fields=["vendor", "look_on", "id"],
                        name="vendor_clock_to_watch",
                    ),
                    models.Index(
                        condition=models.Q(("period_end__isnull", False), ("state", "open")),
                        fields=["vendor", "id"],
                        name="vendor_clock_follows",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("contract", "kind", "about"), name="one_vendor_clock_per_period"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("non_renewal", "payment", "dispute", "credit_claim", "leave", "change", "end"),
                            )
                        ),
                        name="vendor_clock_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("binds_on__lte", models.F("due_on"))), name="vendor_clock_binds_in_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("met_on", None), ("missed_on", None), ("state", "open")),
                            models.Q(("look_on", None), ("met_on__isnull", False), ("state", "met")),
                            models.Q(
                                ("look_on", None), ("met_on", None), ("missed_on__isnull", False), ("state", "missed")
                            ),
                            models.Q(("look_on", None), ("met_on", None), ("missed_on", None), ("state", "void")),
                            _connector="OR",
                        ),
                        name="vendor_clock_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("verified", "verified"),
                            ("refused", "not accepted"),
                            ("expired", "ran out"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_on", models.DateField()),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "until_on",
                    models.DateField(blank=True, help_text="Its last day.", null=True, verbose_name="valid until"),
                ),
                (
                    "false_identity",
                    models.BooleanField(default=False, help_text="What was shown is false: a breach of the contract."),
                ),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="accounts.customer",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "documents",
                    models.ManyToManyField(blank=True, related_name="verifications", to="accounts.identitydocument"),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "verified")),
                        fields=["vendor", "until_on", "id"],
                        name="verification_to_expire",
                    ),
                    models.Index(fields=["state", "id"], name="verification_by_state"),
                    models.Index(fields=["vendor", "id"], name="verification_by_vendor"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("customer", "vendor"),
                        name="one_open_verification",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "verified")),
                        fields=("customer", "vendor"),
                        name="one_verification_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "verified", "refused", "expired"])),
                        name="verification_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "asked"), ("decided_on__isnull", False), _connector="OR"),
                        name="verification_decided_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True), ("until_on__isnull", False), _connector="OR"
                        ),
                        name="verification_runs_out",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("false_identity", False), ("state", "refused"), _connector="OR"),
                        name="false_identity_is_refused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VulnerabilityTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vendor", backoffice.fields.VendorField(max_length=64, verbose_name="contract")),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                (
                    "says",
                    models.TextField(blank=True, help_text="What the contract answered; empty where it is silent."),
                ),
                ("because", models.JSONField(blank=True, default=list, verbose_name="clauses")),
                ("created_at", models.DateTimeField()),
                ("system", models.CharField(help_text="Which system is tested.", max_length=200)),
                ("own_system", models.BooleanField(default=True, verbose_name="the customer's own system")),
                (
                    "consent",
                    models.CharField(
                        choices=[("none", "none"), ("oral", "by word of mouth"), ("written", "in writing")],
                        default="none",
                        max_length=7,
                    ),
                ),
                ("consent_on", models.DateField(blank=True, null=True)),
                (
                    "tested_on",
                    models.DateField(blank=True, help_text="Empty while the test is still to come.", null=True),
                ),
                (
                    "allowed",
                    models.BooleanField(
                        blank=True, help_text="Empty before the test, or where the contract is silent.", null=True
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vulnerability_tests",
                        to="accounts.conductcase",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vulnerability_tests",
                        to="accounts.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consent", "none"), ("consent_on__isnull", True)),
                            models.Q(models.Q(("consent", "none"), _negated=True), ("consent_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="vulnerability_test_consent_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("allowed__isnull", True), ("tested_on__isnull", False), _connector="OR"),
                        name="vulnerability_test_judged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("severe", models.BooleanField(verbose_name="would severely harm the customer's business")),
                ("words", models.TextField(blank=True, verbose_name="why")),
                ("allowed", models.BooleanField()),
                ("sheet", backoffice.fields.SheetField(max_length=80, verbose_name="terms")),
                ("because", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiver",
                        to="accounts.amendmentnotice",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(fields=("subscription", "number"), name="one_licence_per_number"),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(fields=("subscription", "holder"), name="one_licence_per_person"),
        ),
        migrations.AddConstraint(
            model_name="evidencerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("subscription", "mailing"),
                name="one_evidence_request_a_mailing",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["access", "rectification", "erasure", "portability", "objection"])),
                name="data_request_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="conductcase",
            index=models.Index(
                condition=models.Q(("found_on__isnull", False)),
                fields=["subscription", "found_on"],
                name="conduct_breach",
            ),
        ),
        migrations.AddConstraint(
            model_name="conductcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "warned", "revoked", "suspended", "restored"))),
                fields=("subscription", "violation"),
                name="one_case_per_violation",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendmentnotice",
            constraint=models.UniqueConstraint(fields=("amendment", "subscription"), name="one_notice_per_amendment"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("party", "customer")),
                fields=("subscription", "document"),
                name="one_agreement_per_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("customer__isnull", False),
                        ("reseller__isnull", True),
                        models.Q(
                            models.Q(
                                ("end_user__isnull", True), ("party", "customer"), ("subscription__isnull", False)
                            ),
                            models.Q(
                                ("end_user__isnull", False), ("party", "end_user"), ("subscription__isnull", True)
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("party", "reseller"),
                        ("reseller__isnull", False),
                        ("customer__isnull", True),
                        ("end_user__isnull", True),
                        ("subscription__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="agreement_party",
            ),
        ),
    ]
