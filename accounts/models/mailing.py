"""What customers tell, or ask leave for: mailings to many, tests of vulnerability, use by others, changed records."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models.conduct import ConductCase
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField
from backoffice.terms.words import day_words


class MailLimit(models.Model):
    """The most recipients, subscribers or messages that a vendor allows from a day on, where its contract lets it."""

    vendor = VendorField()
    most = models.PositiveIntegerField(help_text="Recipients, subscribers or messages of one mailing.")
    from_on = models.DateField("from")

    class Meta:
        verbose_name = "limit on mailings"
        verbose_name_plural = "limits on mailings"
        ordering = ("vendor", "-from_on")
        constraints = [models.UniqueConstraint(fields=("vendor", "from_on"), name="one_mail_limit_a_day")]

    def __str__(self) -> str:
        return f"{self.most} from {day_words(self.from_on)} on"


class Judged(models.Model):
    """What all of these share: whose contract judged them, and what it said."""

    vendor = VendorField()
    sheet = SheetField()
    says = models.TextField(blank=True, help_text="What the contract answered; empty where it is silent.")
    because = models.JSONField("clauses", default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class BulkMailing(Judged):
    """A mailing to many: what the customer has for it, and which of the contract's violations it is otherwise."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="bulk_mailings")
    mailing = models.CharField(max_length=200, help_text="Names no recipient.")
    number = models.PositiveIntegerField("recipients, subscribers or messages")
    most = models.PositiveIntegerField("limit", null=True, blank=True, help_text="That the vendor had set.")
    privacy_policy = models.BooleanField("a privacy policy stands on the domain", default=False)
    complaints_address = models.EmailField(
        "address for complaints", blank=True, help_text="As it stands on the website; empty where none does."
    )
    confirmed_consent = models.BooleanField("recipients have confirmed that they want it", default=False)
    recipient_shown = models.BooleanField("the recipient's address stands in the mail", default=False)
    checked_on = models.DateField()
    lacks = models.JSONField(default=list, blank=True, help_text="Violations, as the contract's list calls them.")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "mailing", "checked_on"), name="one_check_of_a_mailing_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.mailing


class VulnerabilityTest(Judged):
    """A test of how vulnerable a system is: the consent that was given to it, and the test itself."""

    class Consent(models.TextChoices):
        NONE = "none", "none"
        ORAL = "oral", "by word of mouth"
        WRITTEN = "written", "in writing"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="vulnerability_tests")
    system = models.CharField(max_length=200, help_text="Which system is tested.")
    own_system = models.BooleanField("the customer's own system", default=True)
    consent = models.CharField(max_length=7, choices=Consent, default=Consent.NONE)
    consent_on = models.DateField(null=True, blank=True)
    tested_on = models.DateField(null=True, blank=True, help_text="Empty while the test is still to come.")
    allowed = models.BooleanField(
        null=True, blank=True, help_text="Empty before the test, or where the contract is silent."
    )
    case = models.ForeignKey(ConductCase, models.PROTECT, null=True, blank=True, related_name="vulnerability_tests")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(consent="none", consent_on__isnull=True) | ~Q(consent="none") & Q(consent_on__isnull=False),
                name="vulnerability_test_consent_dated",
            ),
            models.CheckConstraint(
                condition=Q(allowed__isnull=True) | Q(tested_on__isnull=False), name="vulnerability_test_judged"
            ),
        ]

    def __str__(self) -> str:
        return self.system


class Misuse(Judged):
    """That a customer or one of its administrators reported use of the account by somebody who may not."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="misuses")
    reporter_email = models.EmailField("reported by")
    text = models.TextField()
    known_at = models.DateTimeField("known since")
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="Empty where the contract gives no time.")
    in_time = models.BooleanField(null=True, blank=True)
    customer_answers = models.BooleanField("the customer answers for it", default=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = "use by others"
        verbose_name_plural = "use by others"
        constraints = [
            models.CheckConstraint(
                condition=Q(known_at__lte=F("reported_at")),
                name="misuse_known_before_told",
                violation_error_message="It cannot have been reported before it was known.",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True, in_time__isnull=True) | Q(due_at__isnull=False, in_time__isnull=False),
                name="misuse_judged",
            ),
        ]

    def __str__(self) -> str:
        return f"Use by others, told on {day_words(self.reported_at.date())}"


class RecordRequest(Judged):
    """That somebody asked to change the records of a domain, and whether the register names them."""

    class By(models.TextChoices):
        REGISTRANT = "registrant", "the registrant"
        CONTACT = "administrative_contact", "the administrative contact"
        OTHER = "other", "somebody else"

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="record_requests")
    domain = models.CharField(max_length=253)
    change = models.CharField(max_length=200, help_text="What is to be changed.")
    asked_by = models.CharField(max_length=22, choices=By, help_text="As the domain's register has it today.")
    asked_on = models.DateField()
    allowed = models.BooleanField(null=True, blank=True, help_text="Empty where the contract is silent.")

    class Meta:
        ordering = ("-id",)
        verbose_name = "change of a domain's records"
        verbose_name_plural = "changes of domains' records"

    def __str__(self) -> str:
        return f"{self.domain}: {self.change}"
