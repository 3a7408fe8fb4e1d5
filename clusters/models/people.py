"""People and the roles that they hold, where and when."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.choices import Role
from clusters.models.places import Cluster, LocalAuthority, School
from clusters.querysets import PersonQuerySet, RoleQuerySet


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def create_user(self, email, full_name="", **fields):
        """Make a person who signs in with codes sent to `email` (kept in lower case). Raises ValueError without an e-mail."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=email.strip().lower(), full_name=full_name, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email):
        """The person with this e-mail address, however it is capitalised."""
        return self.get(email=email.strip().lower())


class Person(AbstractBaseUser):
    """Anyone who works with the programme. The e-mail address is the sign-in; nobody has a password."""

    email = models.EmailField("e-mail address", unique=True)
    full_name = models.CharField("name", max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = PersonManager()

    class Meta:
        ordering = ["full_name"]
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self):
        return self.full_name or self.email

    def get_full_name(self):
        """The name as written."""
        return self.full_name

    def get_short_name(self):
        """The first word of the name, for a greeting."""
        return self.full_name.split(" ")[0]

    @property
    def initials(self):
        """The first letters of the first and last names."""
        words = self.full_name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    def get_absolute_url(self):
        return reverse("person-detail", args=[self.pk])


_PLACE_BY_ROLE = {
    "authority": [Role.QIO],
    "cluster": [Role.MENTOR],
    "school": [Role.HEAD, Role.TEACHER],
    None: [Role.ADMIN, Role.STAFF, Role.EVALUATOR],
}


def _exactly_the_place_of_the_role():
    condition = Q()
    for place, roles in _PLACE_BY_ROLE.items():
        condition |= Q(role__in=roles) & Q(
            **{f"{name}__isnull": name != place for name in ("authority", "cluster", "school")}
        )
    return condition


class RoleAssignment(models.Model):
    """A role that a person holds, at the place that the role needs, between two dates."""

    access_paths = {"authority": "authority", "cluster": "cluster", "school": "school"}

    person = models.ForeignKey(Person, models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=10, choices=Role.choices)
    authority = models.ForeignKey(
        LocalAuthority, models.PROTECT, null=True, blank=True, related_name="role_assignments"
    )
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="role_assignments")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="role_assignments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["person__full_name", "role"]
        constraints = [
            models.CheckConstraint(condition=_exactly_the_place_of_the_role(), name="role_has_exactly_its_place"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="role_ends_after_start"
            ),
        ]

    def __str__(self):
        place = self.place
        return f"{self.get_role_display()}, {place}" if place else self.get_role_display()

    @property
    def place(self):
        """The authority, cluster or school at which the role is held; None for a national role."""
        return self.authority or self.cluster or self.school
