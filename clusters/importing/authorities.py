"""Loads the 32 councils from our own reference file: adds and corrects, retires what is gone, never deletes."""

import csv
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from clusters.models import LocalAuthority

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "local_authorities.csv"


@transaction.atomic
def load_authorities() -> tuple[int, int]:
    """Brings the councils in line with the reference file. Returns (added, corrected); (0, 0) the second time.

    The local word for a cluster is the staff's to choose and is left alone.
    """
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = {authority.gss_code: authority for authority in LocalAuthority.objects.all()}
    added = corrected = 0
    for row in rows:
        values = {
            "name": row["name"],
            "slug": slugify(row["name"]),
            "superseded_codes": row["superseded_codes"].split("|") if row["superseded_codes"] else [],
            "aliases": row["aliases"].split("|") if row["aliases"] else [],
            "education_code": row["education_code"],
            "collaborative": row["collaborative"],
            "retired": False,
        }
        authority = ours.get(row["gss_code"])
        if authority is None:
            LocalAuthority.objects.create(gss_code=row["gss_code"], **values)
            added += 1
        elif any(getattr(authority, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(authority, name, value)
            authority.save()
            corrected += 1
    gone = [code for code in ours if code.startswith("S12") and code not in {row["gss_code"] for row in rows}]
    for authority in LocalAuthority.objects.filter(gss_code__in=gone, retired=False):
        authority.retired = True
        authority.save()
        corrected += 1
    return added, corrected
