"""What customers and their people agreed to: the texts of contracts, their acceptance, and who owns a service."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models.customers import Customer
from accounts.models.people import EndUser
from accounts.models.resellers import Reseller
from accounts.models.subscriptions import Subscription
from backoffice.fields import SheetField
from backoffice.terms.words import day_words


class ContractDocument(models.Model):
    """The text of a contract as a file, tied to the sheet that was made from it: what customers accept."""

    class Kind(models.TextChoices):
        TERMS = "terms", "terms"
        ORDER = "order", "order or its confirmation"
        RESELLER_AGREEMENT = "reseller_agreement", "re-seller agreement"
        AUP = "aup", "acceptable use policy"
        PRIVACY = "privacy", "privacy policy"
        SLA = "sla", "service levels"
        EULA = "eula", "end-user licence"
        TERMS_OF_USE = "terms_of_use", "terms of use"

    sheet = SheetField(help_text="The version of the terms that this text was made for.")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.TERMS)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=50)
    file = models.FileField(upload_to="contracts/")
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("sheet", "title", "-id")
        constraints = [models.UniqueConstraint(fields=("sheet", "sha256"), name="one_document_per_text")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


# Agreements that an agent made, and those of customers of which nobody knows who made them.
OF_AGENT = Q(capacity="agent")
OF_NOBODY = Q(party="customer", accepted_by="")


class Agreement(models.Model):
    """That somebody accepted one text: who, for whom, when, how, and the digest of the very text.

    ``capacity`` says how who accepted stands to the party, ``authority`` by what (an office in the portal, say). It
    never changes: the database refuses it. Only what may name a person (``accepted_by``, ``accepted_role``,
    ``authority`` and ``told_by``) may be taken away again, when the law says that it must go.
    """

    class Party(models.TextChoices):
        CUSTOMER = "customer", "customer"
        END_USER = "end_user", "end user"
        RESELLER = "reseller", "reseller"

    class Capacity(models.TextChoices):
        SELF = "self", "for themselves"
        OFFICER = "officer", "as an officer of the business"
        ADMINISTRATOR = "administrator", "as a designated administrator"
        AGENT = "agent", "as an agent"

    class How(models.TextChoices):
        PORTAL = "portal", "click in the portal"
        PAPER = "paper", "signed paper"
        EMAIL = "email", "e-mail"
        ORDER = "order", "order form"
        PASSED_ON = "passed_on", "told by whoever passed the text on"

    party = models.CharField(max_length=8, choices=Party, default=Party.CUSTOMER)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="agreements")
    reseller = models.ForeignKey(Reseller, models.PROTECT, null=True, blank=True, related_name="agreements")
    subscription = models.ForeignKey(Subscription, models.PROTECT, null=True, blank=True, related_name="agreements")
    end_user = models.ForeignKey(EndUser, models.PROTECT, null=True, blank=True, related_name="agreements")
    document = models.ForeignKey(ContractDocument, models.PROTECT, related_name="agreements")
    sheet = SheetField()
    sha256 = models.CharField("SHA-256 of the text", max_length=64)
    accepted_at = models.DateTimeField()
    how = models.CharField(max_length=12, choices=How)
    accepted_by = models.CharField("accepted by", max_length=200, blank=True)
    accepted_role = models.CharField("whose role is", max_length=100, blank=True)
    capacity = models.CharField(max_length=13, choices=Capacity, default=Capacity.SELF)
    authority = models.CharField("by the authority of", max_length=250, blank=True)
    told_by = models.CharField("told by", max_length=200, blank=True)
    evidence = models.CharField(max_length=200, blank=True, help_text="Where the proof of it is kept.")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("subscription", "document"), condition=Q(party="customer"), name="one_agreement_per_document"
            ),
            models.UniqueConstraint(
                fields=("end_user", "document"), condition=Q(party="end_user"), name="one_acceptance_per_user"
            ),
            models.UniqueConstraint(
                fields=("reseller", "document"), condition=Q(party="reseller"), name="one_agreement_per_reseller"
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False, reseller__isnull=True)
                & (
                    Q(party="customer", subscription__isnull=False, end_user__isnull=True)
                    | Q(party="end_user", subscription__isnull=True, end_user__isnull=False)
                )
                | Q(party="reseller", reseller__isnull=False)
                & Q(customer__isnull=True, subscription__isnull=True, end_user__isnull=True),
                name="agreement_party",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["self", "officer", "administrator", "agent"]), name="agreement_capacity"
            ),
            models.CheckConstraint(
                condition=Q(how__in=["portal", "paper", "email", "order", "passed_on"]), name="agreement_how"
            ),
            models.CheckConstraint(condition=~Q(how="passed_on") | ~Q(evidence=""), name="agreement_passed_on_shown"),
        ]
        indexes = [
            models.Index(fields=("party", "id"), name="agreement_by_party"),
            models.Index(fields=("how", "id"), name="agreement_by_how"),
            models.Index(fields=("id",), name="agreement_of_agent", condition=OF_AGENT),
            models.Index(fields=("id",), name="agreement_of_nobody", condition=OF_NOBODY),
        ]

    def __str__(self) -> str:
        return f"{self.document} accepted on {day_words(self.accepted_at.date())}"


class SignedPower(models.Model):
    """The signed power of an agent who accepted for a customer, on file."""

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="power")
    reference = models.CharField(max_length=200, help_text="Where it is kept.")
    filed_on = models.DateField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"Power for agreement {self.agreement_id}"


class Ownership(models.Model):
    """Who owns and controls the service of a subscription, from a day on and until another took it over."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="ownerships")
    owner = models.ForeignKey(Customer, models.PROTECT, related_name="ownerships")
    controller = models.CharField(max_length=200, blank=True, help_text="Who controls it, where not its owner.")
    from_on = models.DateField("from")
    until_on = models.DateField("until", null=True, blank=True, help_text="First day on which it was another's.")
    told_by = models.CharField("told by", max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("subscription_id", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("subscription",), condition=Q(until_on__isnull=True), name="one_owner_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="ownership_ends_after"
            ),
        ]

    def __str__(self) -> str:
        controlled = f", controlled by {self.controller}," if self.controller else ""
        return f"{self.owner}{controlled} from {day_words(self.from_on)}"
