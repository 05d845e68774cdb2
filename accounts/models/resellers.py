"""Who sells on under the operator, and who may see and do what in the portal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.users import User
from backoffice.fields import CountryField


class Reseller(models.Model):
    """A company that sells on under the operator; its customers name it (``Customer.reseller``)."""

    name = models.CharField(max_length=200, unique=True)
    email = models.EmailField(help_text="Where letters to it go.")
    country = CountryField()
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person may see in the portal: a reseller's customers, or one customer.

    A membership of a customer opens what its person serves as an administrator for, and nothing once they do not.
    """

    class Role(models.TextChoices):
        OWNER = "owner", "owner"
        MANAGER = "manager", "manager"
        VIEWER = "viewer", "viewer"

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    reseller = models.ForeignKey(Reseller, models.PROTECT, null=True, blank=True, related_name="memberships")
    customer = models.ForeignKey("accounts.Customer", models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, help_text="A viewer only reads; managers and owners also act.")
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = "portal member"
        verbose_name_plural = "portal members"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("user", "reseller"), name="one_membership_of_a_reseller"),
            models.UniqueConstraint(fields=("user", "customer"), name="one_membership_of_a_customer"),
            models.CheckConstraint(
                condition=Q(reseller__isnull=False, customer__isnull=True)
                | Q(reseller__isnull=True, customer__isnull=False),
                name="membership_of_one",
            ),
            models.CheckConstraint(condition=Q(role__in=["owner", "manager", "viewer"]), name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()} of {self.reseller or self.customer}"


class Invitation(models.Model):
    """A link by which an invited person chooses a password: it opens once and not for ever. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=("user",), condition=Q(used_at__isnull=True), name="one_open_invitation"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_later"),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.user}"
