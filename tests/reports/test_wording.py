"""The words of the evaluation: number formats and the ladder's sentences."""

from decimal import Decimal

import pytest

from reports import noise_wording, wording

FIVE = {
    "cut": 4.0,
    "fixed_by": "Dr Hannah Osei",
    "fixed_at": "3 September 2024",
    "seed": 7,
    "analysis_version": "1.0.0",
}
PLAN = {**FIVE, "libraries": {"numpy": "2.4.6"}, "data_hash": "4f1c09ab77e24f1c"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0204, "0.020"), (0.0471, "0.047"), (0.00004, "<0.001"), (0.5, "0.500"), (0.99999, ">0.999"), (None, "–")],
)
def test_p_value_is_never_zero_or_one(value, text):
    assert wording.p_value(value) == text


@pytest.mark.parametrize(("p", "text"), [(0.02, "p = 0.020"), (1e-9, "p < 0.001"), (1.0, "p > 0.999")])
def test_p_is_reads_as_an_equation(p, text):
    assert wording.p_is(p) == text


@pytest.mark.parametrize(("value", "text"), [(-0.079, "−7.9"), (0.0, "0.0"), (-0.0001, "0.0"), (None, "–")])
def test_points_have_a_true_minus_and_no_minus_zero(value, text):
    assert wording.points(value) == text


def test_counts_and_shares_read_as_in_a_sentence():
    assert wording.count(2440) == "2,440"
    assert wording.share_of(54, 74) == "54 of 74 (73%)"
    assert (wording.in_words(3), wording.in_words(12)) == ("three", "12")
    assert wording.listed(["a", "b", "c"]) == "a, b and c"


def test_descriptive_sentence_counts_equal_groups_together():
    told = wording.descriptive(0.36, 0.45, 4, 4, "schools")

    assert "in four schools each. With so few schools" in told


def test_descriptive_sentence_gives_shares_and_schools_only():
    assert wording.descriptive(0.36, 0.45, 3, 1, "schools") == (
        "36% of the matched pupils in higher-rated schools and 45% in lower-rated schools declined, in three schools and one school. "
        "With so few schools we cannot say whether this reflects anything but chance."
    )


def test_inconclusive_sentence_says_what_could_not_be_detected():
    sentence = wording.inconclusive(-0.021, -0.078, 0.036, 0.082)

    assert "−2.1 percentage points (95% interval −7.8 to 3.6)" in sentence
    assert "7.8 percentage points fewer declines and with 3.6 percentage points more declines" in sentence
    assert "smaller than about 8.2 percentage points could not be detected" in sentence
    assert "smaller than 5" not in sentence


def test_narrow_interval_around_zero_says_that_any_difference_is_small():
    assert "Any difference is likely smaller than 5 percentage points." in wording.inconclusive(0.0, -0.04, 0.04, 0.05)


def test_suggestive_sentence_names_every_failed_check():
    sentence = wording.suggestive(
        -0.079, -0.134, -0.024, ["the change in score", "the link with the rating point by point"], True
    )

    assert sentence == (
        "Pupils in higher-rated schools were 7.9 percentage points less likely than those in lower-rated schools to show a decline in attitudes (95% interval 2.4 to 13.4). "
        "This depends on two checks that were not passed, the change in score and the link with the rating point by point, "
        "so treat it as tentative. It is an association: it does not show that the programme brought the difference about."
    )


def test_weak_scale_speaks_of_the_items():
    assert "decline on the items" in wording.suggestive(
        0.079, 0.024, 0.134, ["how well the questions hang together"], False
    )


def test_supported_sentence_carries_the_numbers_and_says_association():
    sentence = wording.supported(-0.079, -0.134, -0.024, 0.368, 0.447, 0.71)

    assert (
        "less likely (37% v 45%; difference 7.9 percentage points, 95% interval 2.4 to 13.4; odds ratio 0.71)"
        in sentence
    )
    assert sentence.endswith("This is an association: it does not show that PCP caused the difference.")


def test_sentence_from_two_to_four_says_that_it_is_an_association():
    said = [
        wording.inconclusive(-0.02, -0.08, 0.04, 0.08),
        wording.suggestive(-0.08, -0.13, -0.02, ["the change in score"], True),
        wording.supported(-0.079, -0.134, -0.024, 0.368, 0.447, 0.71),
    ]

    assert ["association" in sentence for sentence in said] == [True, True, True]
    assert [wording.claims_in(sentence) for sentence in said[:2]] == [[], []]


def test_sentence_of_a_straight_line_says_so_and_takes_shares_for_what_they_are():
    sentence = wording.supported(0.332, 0.1, 0.56, 1.0, 0.46, None, fallback=True)

    assert "(100% v 46% as counted; adjusted difference 33.2 percentage points" in sentence
    assert "comes from a straight-line model" in sentence
    assert all("straight-line model" in said for said in (
        wording.inconclusive(0.3, -0.1, 0.7, 0.6, fallback=True),
        wording.suggestive(0.3, 0.1, 0.5, ["the change in score"], True, fallback=True),
    ))  # fmt: skip


def test_reference_of_noise_says_how_it_was_got():
    words = noise_wording.noise_base(
        {"P2P4": {"share": 0.421, "questions": 12, "points": 3}, "P5P7": {"share": 0.47, "questions": 18, "points": 5}}
    )

    assert "half of those who did not answer exactly alike" in words
    assert "42% on 12 questions of three answers (P2–P4) and 47% on 18 questions of five answers (P5–P7)" in words


def test_share_that_declined_never_stands_without_its_reference_or_a_caution():
    several = noise_wording.never_alone_by_cohort([("Cohort 2022", 0.44), ("Cohort 2023", 0.45)])

    assert "about 44% of pupils would still answer lower" in noise_wording.never_alone(0.44)
    assert "about 44% (Cohort 2022) and about 45% (Cohort 2023) would still answer lower" in several
    assert noise_wording.never_alone(None) == noise_wording.NO_REFERENCE
    assert noise_wording.never_alone_by_cohort([("A", 0.44), ("B", None)]) == noise_wording.NO_REFERENCE


def test_unfavourable_result_is_worded_with_the_same_strength():
    better, worse = (
        wording.supported(-0.079, -0.134, -0.024, 0.368, 0.447, 0.71),
        wording.supported(0.079, 0.024, 0.134, 0.447, 0.368, 1.41),
    )

    assert (
        better.replace("less likely", "more likely").replace("37% v 45%", "45% v 37%").replace("0.71", "1.41") == worse
    )


def test_five_caveats_stand_under_every_comparison():
    said = wording.caveats(0.56, PLAN, ["P2P4", "P5P7"])

    assert len(said) == 5
    assert "56%" in said[2]
    assert "on 3 September 2024 by Dr Hannah Osei: rating cut 4.0, seed 7" in said[4]


def test_caveat_on_two_scales_is_left_out_where_one_questionnaire_was_answered():
    said = wording.caveats(0.56, PLAN, ["P5P7"])

    assert len(said) == 4
    assert "two scales" not in " ".join(said)


def test_caveat_says_that_nobody_could_be_matched_without_a_percentage():
    assert wording.caveats(0.0, PLAN, ["P5P7"])[2] == "No pupil who answered at baseline could be matched."


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100%"), (334 / 335, "over 99%"), (0.994, "99%"), (0.0, "0%"), (1 / 335, "under 1%"), (0.006, "1%"),
     (0.1 + 0.2 + 0.7, "100%"), (None, "–")],
)  # fmt: skip
def test_only_all_is_a_hundred_per_cent_and_only_nobody_none(share, text):
    assert wording.percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(4, "4.0"), (Decimal("4.00"), "4.0"), (3.75, "3.75"), (3.4, "3.4")])
def test_cut_has_one_decimal_or_as_many_as_it_needs(value, text):
    assert wording.cut(value) == text


def test_inconclusive_sentence_says_what_the_difference_is_of():
    assert wording.inconclusive(0.004, -0.1, 0.1, None).startswith(
        "The difference in the share of pupils whose attitudes declined was 0.4 percentage points"
    )
    assert "pupils who declined on the items was" in wording.inconclusive(0.004, -0.1, 0.1, None, scale=False)


def test_descriptive_sentence_of_enough_schools_that_are_too_unequal_does_not_call_them_few():
    assert wording.descriptive(0.0, 0.5, 10, 10, "df").endswith(
        "in 10 schools each. With schools too few or too unequal for a test, we cannot say whether this reflects anything but chance."
    )


def test_every_check_has_two_phrases_and_every_level_a_title():
    assert list(wording.LEVELS) == ["L0", "L1", "L2", "L3", "L4"]
    assert all(len(phrases) == 2 and all(phrases) for phrases in wording.CHECKS.values())
