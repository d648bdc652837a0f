# SPDX-License-Identifier: Apache-2.0
"""Who may sign in, which roles they hold where, and the tokens of partner systems."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.roles import Role
from openinfusion.platform.clock import now


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An account with a hashed password; without one it can only be signed in by other means."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One human, or one partner system; never shared. Outside row-level security, because sign-in comes before scope."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey("platform.Organization", models.PROTECT, related_name="+")
    email = models.EmailField(unique=True)
    name = models.TextField()
    kind = models.TextField(default="person", choices=[("person", "person"), ("system", "system"), ("partner", "partner")])
    is_active = models.BooleanField(default=True)
    home_site_id = models.UUIDField(null=True)
    shortcuts_on = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    # django.contrib.auth and allauth ask for these names; rights here come from roles alone.
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class RoleGrant(models.Model):
    """A role held by a user, at one site or everywhere. Roles are code; who holds one is this row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey("platform.Organization", models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.TextField(choices=[(r.value, r.label) for r in Role])
    site_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role", "site_id"], name="role_once", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ApiToken(models.Model):
    """A bearer token of a user, stored as its SHA-256; shown once when made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey("platform.Organization", models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    label = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label
