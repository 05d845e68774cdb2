"""Who subscribes."""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from stdnum.eu import vat

from accounts.models.resellers import Reseller
from accounts.policy.eligibility import is_vat_number
from backoffice.fields import CountryField
from backoffice.terms.calendar import time_zones


def known_time_zone(name: str) -> None:
    """ValidationError for what is no time zone."""
    if name not in time_zones():
        raise ValidationError("A time zone is written as Europe/Paris.")


def international_number(phone: str) -> None:
    """ValidationError for what is no telephone number with its country."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException as error:
        raise ValidationError("A telephone number begins with + and its country, as +33612345678.") from error
    if not phonenumbers.is_valid_number(number):
        raise ValidationError("No country has such a telephone number.")


def vat_number(number: str) -> None:
    """ValidationError for a VAT number of the European Union whose form or check digits are wrong."""
    if not is_vat_number(number):
        raise ValidationError("This is no VAT number of a country of the European Union.")


class Customer(models.Model):
    """Who subscribes: a person, or a business with its people."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "individual"
        BUSINESS = "business", "business"

    class Verification(models.TextChoices):
        NONE = "none", "not asked for"
        ASKED = "asked", "asked for"
        VERIFIED = "verified", "verified"
        REFUSED = "refused", "not accepted"

    class BilledBy(models.TextChoices):
        OPERATOR = "operator", "by us"
        RESELLER = "reseller", "by its reseller"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BUSINESS)
    name = models.CharField(max_length=200, help_text="Of the person, or of the business.")
    contact_name = models.CharField(
        "contact", max_length=200, blank=True, help_text="Whom letters greet at a business."
    )
    email = models.EmailField(help_text="Where letters about the contract go.")
    billing_email = models.EmailField("e-mail for invoices", blank=True, help_text="Empty for the same address.")
    phone = models.CharField("telephone", max_length=20, blank=True, validators=[international_number])
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    country = CountryField()
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_time_zone])
    street = models.CharField("street and number", max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField("state or region", max_length=100, blank=True)
    vat_id = models.CharField("VAT number", max_length=20, blank=True, validators=[vat_number])
    business_attested_on = models.DateField(
        "attested business use on", null=True, blank=True, help_text="When it told that it buys as a business."
    )
    verification = models.CharField(max_length=8, choices=Verification, default=Verification.NONE)
    verification_on = models.DateField("since", null=True, blank=True)
    reseller = models.ForeignKey(
        Reseller,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        help_text="Who sells to it; empty where we do.",
    )
    billed_by = models.CharField("billed", max_length=8, choices=BilledBy, default=BilledBy.OPERATOR)
    affiliate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="affiliates",
        help_text="The company at the head of its group, where that is a customer too.",
    )
    users_known_on = models.DateField(
        "attested to know its users on",
        null=True,
        blank=True,
        help_text="When it told that it knows who its users are and where they live.",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        indexes = [
            models.Index(fields=("kind", "id"), name="customer_by_kind"),
            models.Index(fields=("verification", "id"), name="customer_by_verification"),
            # A reseller's list of its customers.
            models.Index(
                fields=("reseller", "name", "id"), name="customer_of_reseller", condition=Q(reseller__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["individual", "business"]), name="customer_kind_known"),
            models.CheckConstraint(condition=~Q(affiliate_of=F("pk")), name="customer_not_its_own_affiliate"),
            models.CheckConstraint(
                condition=Q(verification__in=["none", "asked", "verified", "refused"]), name="customer_verification"
            ),
            models.CheckConstraint(
                condition=Q(verification="none") | Q(verification_on__isnull=False), name="customer_verification_dated"
            ),
            models.CheckConstraint(
                condition=Q(kind="business") | Q(vat_id="", business_attested_on__isnull=True),
                name="customer_business_facts",
            ),
            models.CheckConstraint(
                condition=Q(billed_by="operator") | Q(billed_by="reseller", reseller__isnull=False),
                name="customer_billed_by_known",
                violation_error_message="Only a customer of a reseller can be billed by one.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What belongs to a business only, told by field; the VAT number in the one form it is kept in."""
        if is_vat_number(self.vat_id):
            self.vat_id = vat.compact(self.vat_id)
        if self.kind == self.Kind.INDIVIDUAL:
            wrong = {"vat_id": self.vat_id, "business_attested_on": self.business_attested_on}
            if found := {field: "Only a business has this." for field, value in wrong.items() if value}:
                raise ValidationError(found)

    @property
    def invoice_email(self) -> str:
        """Where invoices go."""
        return self.billing_email or self.email
