from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.popularity import ACTIVITIES, SUBJECTS, popularity
from reports.analysis.schema import Plan
from tests.reports.programmes import make_programme


def question(order, share, n=40, construct=SUBJECTS, lo=None, hi=None, why=""):
    row = {"order": order, "text": f"Question {order}", "construct": construct, "n_pre": n, "n_post": 0}
    row |= {"pos_pre": share, "pos_pre_lo": lo, "pos_pre_hi": hi, "pos_post": None}
    return row | ({"why": why} if why else {})


def before(table, kind="subjects"):
    return popularity({"P5P7": table})[kind]["P5P7"]["pre"]


def test_subjects_are_ranked_by_the_share_that_likes_them_and_equals_share_a_rank():
    rows = before(
        {"maths": question(1, 0.5), "science": question(2, 0.7), "pe": question(3, 0.9), "ict": question(4, 0.7)}
    )

    assert [(row["item"], row["rank"], row["of"]) for row in rows] == [
        ("pe", 1, 4),
        ("science", 2, 4),
        ("ict", 2, 4),
        ("maths", 4, 4),
    ]


def test_hidden_question_has_no_rank_and_the_others_are_ranked_among_those_shown():
    rows = before({"maths": question(1, None, why="hidden"), "science": question(2, 0.7), "pe": question(3, 0.9)})

    assert [(row["item"], row["rank"], row["of"]) for row in rows] == [
        ("pe", 1, 2),
        ("science", 2, 2),
        ("maths", None, None),
    ]
    assert rows[-1]["why"] == "hidden"


def test_question_that_nobody_answered_says_so():
    assert before({"maths": question(1, None, n=0)})[0]["why"] == "Nobody answered this question."


def test_subjects_and_activities_are_ranked_apart_and_other_questions_not_at_all():
    table = {
        "science": question(1, 0.7),
        "experiments": question(2, 0.9, construct=ACTIVITIES),
        "fair": question(3, 0.8, construct="science self-efficacy"),
    }

    assert [row["item"] for row in before(table)] == ["science"]
    assert [row["item"] for row in before(table, "activities")] == ["experiments"]


def test_rank_names_the_neighbours_whose_interval_reaches_it():
    rows = before(
        {
            "pe": question(1, 0.9, lo=0.85, hi=0.95),
            "ict": question(2, 0.82, lo=0.75, hi=0.88),
            "maths": question(3, 0.5, lo=0.42, hi=0.58),
            "art": question(4, 0.4),
        }
    )

    assert [row["level_with"] for row in rows] == [["ict"], [], [], None]


def test_popularity_reads_the_stored_items_of_a_real_result():
    data = make_programme(12, 30)
    data.codebook["construct"] = SUBJECTS

    found = popularity(suppress(evaluate(data, Plan()), Plan().rules)["items"])
    rows = found["subjects"]["P5P7"]["post"]

    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    assert [row["share"] for row in rows] == sorted((row["share"] for row in rows), reverse=True)
    assert all(row["lo"] <= row["share"] <= row["hi"] for row in rows)


def test_popularity_of_nothing_is_empty():
    assert popularity({}) == {"subjects": {}, "activities": {}}
