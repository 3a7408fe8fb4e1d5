"""Authorities, schools, clusters, and which school belongs to which cluster when."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.choices import FactStatus, ReadingState, SchoolStatus, Sector
from clusters.querysets import ClusterQuerySet, DatedQuerySet, SchoolQuerySet, ScopedQuerySet


class LocalAuthority(models.Model):
    """One of the 32 councils. Reference data: loaded, retired, never deleted."""

    access_paths = {"authority": ""}

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    gss_code = models.CharField("GSS code", max_length=9, unique=True)
    superseded_codes = models.JSONField(default=list, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    education_code = models.CharField(max_length=3, blank=True)
    collaborative = models.CharField("regional collaborative", max_length=80, blank=True)
    cluster_word = models.CharField(
        "local word for a cluster",
        max_length=40,
        default="Cluster",
        help_text="For example Associated School Group or Learning Community.",
    )
    retired = models.BooleanField(default=False)
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "local authorities"

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("authority-detail", args=[self.slug])


class School(models.Model):
    """One school, or one department of an all-through school: the key is SEED code and sector.

    Official figures carry the edition that each came from in `facts`: {field: {"edition", "on", "raw", "status"}}.
    A figure that is hidden or not collected is null here, never 0.
    """

    access_paths = {"school": ""}

    seed_code = models.CharField("SEED code", max_length=7, validators=[RegexValidator(r"^\d{7}$", "Seven figures.")])
    sector = models.CharField(max_length=2, choices=Sector.choices, default=Sector.PRIMARY)
    name = models.CharField(max_length=120)
    authority = models.ForeignKey(LocalAuthority, models.PROTECT, null=True, blank=True, related_name="schools")
    postcode = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=12, choices=SchoolStatus.choices, default=SchoolStatus.OPEN)
    status_on = models.DateField("status since", null=True, blank=True)
    status_note = models.CharField("the register's words about it", max_length=300, blank=True)
    in_latest_list = models.BooleanField(default=True)
    roll = models.PositiveIntegerField(null=True, blank=True)
    stage_rolls = models.JSONField(
        default=dict, blank=True
    )  # {"P2": 23}; a hidden stage is absent here, its mark is in facts
    teachers = models.DecimalField(
        "teachers (full-time equivalent)", max_digits=6, decimal_places=1, null=True, blank=True
    )
    deprived_share = models.DecimalField(
        "% of pupils in the most deprived fifth", max_digits=4, decimal_places=1, null=True, blank=True
    )
    deprived_band = models.CharField(max_length=20, blank=True)
    deprived_status = models.CharField(max_length=14, choices=FactStatus.choices, default=FactStatus.NOT_COLLECTED)
    simd_quintile = models.PositiveSmallIntegerField("fifth of schools by deprivation", null=True, blank=True)
    urban_rural = models.PositiveSmallIntegerField("urban-rural class", null=True, blank=True)
    urban_rural_folds = models.PositiveSmallIntegerField("number of urban-rural classes", default=8)
    medium = models.CharField(max_length=60, blank=True)
    denomination = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    history = HistoricalRecords()

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name", "seed_code"]
        constraints = [
            models.UniqueConstraint(fields=["seed_code", "sector"], name="school_key"),
            models.CheckConstraint(
                condition=Q(deprived_status="exact", deprived_share__isnull=False)
                | (~Q(deprived_status="exact") & Q(deprived_share__isnull=True)),
                name="school_deprived_share_only_when_exact",
            ),
            models.CheckConstraint(
                condition=Q(urban_rural__isnull=True)
                | Q(urban_rural__gte=1, urban_rural__lte=F("urban_rural_folds"), urban_rural_folds__in=[8, 6, 3, 2]),
                name="school_urban_rural_is_one_of_its_classes",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def key(self):
        """SEED code and sector, as in addresses and files: 9900417-P."""
        return f"{self.seed_code}-{self.sector}"

    def get_absolute_url(self):
        return reverse("school-detail", args=[self.key])


class Cluster(models.Model):
    """Several primaries and their secondary, under the name that the authority uses for such a group."""

    access_paths = {"cluster": "", "authority": "authority"}

    authority = models.ForeignKey(LocalAuthority, models.PROTECT, related_name="clusters")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    local_word = models.CharField(
        max_length=40, blank=True, help_text="Only when it differs from the authority's own word."
    )
    schools = models.ManyToManyField(School, through="ClusterMembership", related_name="clusters")
    history = HistoricalRecords()

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="cluster_name_once_in_authority")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cluster-detail", args=[self.slug])


class ClusterMembership(models.Model):
    """A school in a cluster, from a day until another or until further notice."""

    access_paths = {"cluster": "cluster", "school": "school"}

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["school"], condition=Q(ends_on__isnull=True), name="school_in_one_cluster_until_further_notice"
            ),
        ]

    def __str__(self):
        return f"{self.school} in {self.cluster}"


class RegisterImportManager(models.Manager):
    """Leaves the large columns in the database until they are asked for: each holds thousands of schools."""

    def get_queryset(self):
        """Imports without what was sent, read, shown and kept."""
        return super().get_queryset().defer("upload", "preview", "reading", "moves", "undo")


class RegisterImport(models.Model):
    """One reading of an official register: what it would change, and when and by whom it was applied."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    edition = models.CharField(max_length=80)
    edition_on = models.DateField(null=True, blank=True)
    said_on = models.DateField("date as a person said", null=True, blank=True)
    state = models.CharField(max_length=8, choices=ReadingState.choices, default=ReadingState.READ)
    upload = models.BinaryField(null=True)  # the file, only while it is being read
    progress = models.PositiveSmallIntegerField("per cent read", default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    reading = models.JSONField(default=dict)  # what was read, kept until it is applied
    moves = models.JSONField(default=dict)  # what an applied contact list says of schools that opened or closed
    undo = models.JSONField(default=dict)  # what was there before, kept while the import can be taken back
    undo_until = models.DateField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RegisterImportManager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(state=ReadingState.READING), name="register_file_read_once_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.edition} ({self.file_name})"

    def get_absolute_url(self):
        return reverse("register-import", args=[self.pk])
