from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("payload", models.JSONField()),
                ("created_at", models.DateTimeField(editable=False)),
                ("due_at", models.DateTimeField(help_text="Not tried before this moment; a failed try moves it.")),
                (
                    "claimed_until",
                    models.DateTimeField(blank=True, help_text="Until then one sender has it in hand.", null=True),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "failed_at",
                    models.DateTimeField(blank=True, help_text="When it was given up after too many tries.", null=True),
                ),
                ("error", models.TextField(blank=True, help_text="Why the last try failed; empty once it is done.")),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("failed_at", None)), fields=["due_at"], name="event_open"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("failed_at", None), _connector="OR"),
                        name="event_done_or_failed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=80)),
                ("vendor", models.CharField(max_length=64)),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "expected",
                    models.PositiveIntegerField(default=0, help_text="Rows that were due when the job began."),
                ),
                ("count", models.PositiveIntegerField(default=0, help_text="Rows done so far.")),
                (
                    "failures",
                    models.PositiveIntegerField(default=0, help_text="How often the job has failed on this day."),
                ),
                (
                    "error",
                    models.TextField(blank=True, help_text="Why it failed the last time; empty once it is done."),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("seconds", models.FloatField(default=0, help_text="Working time of all processes together.")),
            ],
            options={
                "ordering": ("-day", "vendor", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "done"), _negated=True),
                        fields=["vendor", "day"],
                        name="run_unfinished",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("vendor", "day", "job"), name="one_run_per_job_and_day"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])), name="run_state"
                    ),
                ],
            },
        ),
    ]
