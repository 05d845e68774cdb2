"""What others gave us notice of: who, in which form, when, and whether the contract lets it count."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models.customers import Customer
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField, VendorField


class ReceivedNotice(models.Model):
    """One notice that came to us, whether it counts or not; the answer of the contract stands beside it.

    It holds no words of the letter, only where the original lies. ``key`` tells the same notice, written down twice,
    from another one.
    """

    class Sender(models.TextChoices):
        CUSTOMER = "customer", "customer"
        END_USER = "end_user", "end user"
        VENDOR = "vendor", "vendor"

    class Purpose(models.TextChoices):
        RENEWAL = "renewal", "that the term will renew"
        NON_RENEWAL = "non_renewal", "not to renew"
        TERMINATION = "termination", "to end the contract"
        BREACH = "breach", "of a breach"
        DEFAULT = "default", "of default"
        COMPLAINT = "complaint", "of a defect"
        DAMAGE = "damage", "of damage"
        DISPUTE = "dispute", "that a bill is disputed"
        LEAVING = "leaving", "to leave because of a change"
        AMENDMENT = "amendment", "of a change of the contract"
        PRICE = "price", "of a new price"
        OTHER = "other", "of something else"

    class Form(models.TextChoices):
        EMAIL = "email", "by e-mail"
        LETTER = "letter", "by letter"
        REGISTERED_LETTER = "registered_letter", "by registered letter"
        ACCOUNT_PAGE = "account_page", "on the account page"
        TICKET = "ticket", "by the ticket system"
        DELETION_OF_ACCOUNTS = "deletion_of_accounts", "by having all accounts deleted"
        PHONE = "phone", "by telephone"
        OTHER = "other", "in another form"

    key = models.CharField(max_length=200, unique=True, editable=False)
    sender = models.CharField("from", max_length=8, choices=Sender, default=Sender.CUSTOMER)
    purpose = models.CharField("notice", max_length=16, choices=Purpose)
    form = models.CharField(max_length=24, choices=Form)
    vendor = VendorField()
    sheet = SheetField()
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="received_notices",
        help_text="Empty for a vendor's.",
    )
    subscription = models.ForeignKey(
        Subscription,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="received_notices",
        help_text="Empty where it is about no single one.",
    )
    received_at = models.DateTimeField()
    counts = models.BooleanField()
    counts_at = models.DateTimeField("counts from", null=True, blank=True)
    counts_on = models.DateField("counts on", null=True, blank=True, help_text="The vendor's day of that moment.")
    because = models.JSONField(default=list, blank=True, help_text="Empty where the contract asks for no form.")
    ends_on = models.DateField("last day of service", null=True, blank=True, help_text="What a notice to stop led to.")
    filed = models.CharField(
        "where it lies", max_length=200, blank=True, help_text="Number of the file, ticket or letter; nothing personal."
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(counts=True, counts_at__isnull=False, counts_on__isnull=False)
                | Q(counts=False, counts_at=None, counts_on=None, ends_on=None),
                name="received_notice_counts_from",
            ),
            models.CheckConstraint(
                condition=Q(sender="vendor") | Q(customer__isnull=False), name="received_notice_has_sender"
            ),
        ]
        indexes = [models.Index(fields=("vendor", "sender", "counts_on"), name="received_notice_of_vendor")]

    def __str__(self) -> str:
        return f"Notice {self.get_purpose_display()}, {self.get_form_display()}"
