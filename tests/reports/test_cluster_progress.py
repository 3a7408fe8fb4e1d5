"""A cluster's progress page shows its report only to those whose right to reports reaches that cluster."""

from clusters.choices import Role
from tests import make
from tests.reports.access import make_report


def test_mentor_who_is_an_officer_elsewhere_sees_no_report_of_the_mentored_cluster(world, sign_in):
    person = make.person("Paula Pooled", qio=world.foreign_authority)
    make.give_role(person, Role.MENTOR, world.own_cluster)
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])

    page = sign_in(person).get(f"/clusters/{world.own_cluster.slug}/progress/")

    assert page.status_code == 200
    assert page.context["dashboard"]["report"] is None
    assert report.get_absolute_url() not in page.content.decode()


def test_officer_of_the_authority_sees_the_report(world, sign_in):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])

    page = sign_in(world.people["qio"]).get(f"/clusters/{world.own_cluster.slug}/progress/")

    assert page.context["dashboard"]["report"] == report
    assert report.get_absolute_url() in page.content.decode()
