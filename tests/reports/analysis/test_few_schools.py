"""What a report tells of one headteacher's rating, and of one or two schools: nothing, also by what is missing."""

import json
from dataclasses import replace

import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.schema import Plan, Rules
from tests.reports.analysis.test_disclosure import stored
from tests.reports.programmes import make_programme


@pytest.mark.parametrize("seed", range(6))
def test_what_is_hidden_by_rating_group_is_the_same_whatever_the_ratings_are(seed):
    """Whoever knows one headteacher's rating must not learn the others, were it only from how many cells are hidden."""
    data = make_programme(8, 12 + 4 * seed, seed=seed, schools_per_cluster=4)
    ratings = {
        "all high": [5, 5, 5, 5],
        "all low": [3, 3, 3, 3],
        "one high": [5, 3, 3, 3],
        "half": [5, 5, 3, 3],
    }

    told = {name: officer_sees(data, each) for name, each in ratings.items()}

    assert all(each == told["all high"] for each in told.values())


def officer_sees(data, ratings):
    """The stored report on the first cluster, its schools rated so, as text; without what names the data."""
    whole_ht = data.ht.copy()
    answers = [name for name in whole_ht.columns if name != "school_id"]
    for school, rating in zip(sorted(whole_ht["school_id"])[: len(ratings)], ratings, strict=True):
        whole_ht.loc[whole_ht["school_id"] == school, answers] = rating
    whole = replace(data, ht=whole_ht)
    pupils = whole.pupils[whole.pupils["cluster"] == "C000"]
    own = replace(whole, pupils=pupils, ht=whole_ht[whole_ht["school_id"].isin(pupils["school_id"])])
    results = suppress(evaluate(own, Plan(), parts_of_whole(whole, Plan())), Rules())
    assert results["hidden_by_group"]
    return json.dumps({**results, "provenance": "", "caveats": ""}, sort_keys=True)


@pytest.mark.parametrize("share_high", [1.0, 5 / 6, 0.5])
def test_level_tells_nothing_of_ratings_that_are_hidden(share_high):
    results = stored(make_programme(6, 30, seed=8, share_high=share_high), group_schools=4)

    assert results["hidden_by_group"]
    assert (results["ladder"]["level"], results["ladder"]["title"]) == ("L1", "Descriptive")


def test_place_of_two_schools_shows_nothing_of_its_own_and_is_never_what_is_left():
    data = make_programme(12, 60, seed=4, schools_per_cluster=5)
    whole = parts_of_whole(data, Plan())

    def report(cluster):
        pupils = data.pupils[data.pupils["cluster"] == cluster]
        own = replace(data, pupils=pupils, ht=data.ht[data.ht["school_id"].isin(pupils["school_id"])])
        return suppress(evaluate(own, Plan(), whole=whole), Rules())

    sizes = data.pupils.groupby("cluster")["school_id"].nunique().sort_values()
    reports = {cluster: report(cluster) for cluster in sizes.index}
    national = suppress(evaluate(data, Plan(), whole=whole), Rules())

    shows = {name for name, found in reports.items() if found["change_groups"]["all"]["declined"] is not None}
    assert sizes.tolist() == [2, 5, 5]
    assert national["change_groups"]["all"]["declined"] is not None
    assert len(shows) == 1
    assert sizes.index[0] not in shows


def test_table_of_one_school_is_hidden_in_a_report_on_three():
    data = make_programme(9, 60, seed=7, schools_per_cluster=3, lost=0.05)
    later = data.pupils["wave"].eq("post") & data.pupils["school_id"].isin(["S0002", "S0003"])
    data = replace(data, pupils=data.pupils[~later].reset_index(drop=True))
    pupils = data.pupils[data.pupils["cluster"] == "C000"]
    own = replace(data, pupils=pupils, ht=data.ht[data.ht["school_id"].isin(pupils["school_id"])])

    results = suppress(evaluate(own, Plan(), parts_of_whole(data, Plan())), Rules())

    items = [item for table in results["items"].values() for item in table.values()]
    assert results["change_groups"]["all"]["declined"] is None
    assert all(item["n_post"] is None and item["n_pre"] for item in items)
    assert all(results["reliability"][f"{name}_post"]["alpha_raw"] is None for name in results["items"])


@pytest.mark.parametrize("unrated", [0, 1, 2, 3])
def test_one_or_two_schools_without_a_rating_are_not_what_two_tables_leave_over(unrated):
    """All pupils less the two rating groups are those of the schools without a rating, also in a whole programme."""
    data = make_programme(24, 40, seed=2)
    complete = evaluate(replace(data, ht=data.ht.iloc[unrated:]), Plan())

    shown = suppress(complete, Rules())
    for evaluator in (suppress(complete, Rules(guard_rating_groups=False)), complete):
        assert evaluator["change_groups"]["high"]["declined"] is not None

    few = unrated in (1, 2)
    assert shown["change_groups"]["all"]["declined"] is not None
    assert [shown["change_groups"][arm]["declined"] is None for arm in ("high", "low")] == [few, few]
    assert (shown["sample"]["declined_high"] is None) == few
    assert shown["headline"]["rd"] is not None
