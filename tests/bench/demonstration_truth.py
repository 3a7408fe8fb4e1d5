"""Does the evaluation find again what the demonstration put in?

    python -m tests.bench.demonstration_truth [--seeds 400] [--first 1]

Draws the two national cohorts of the demonstration with its own functions, without a database, for so many seeds, and puts
each through the whole evaluation. Of the cohort in which the programme does nothing, p < .05 should come in 5 % of seeds and
the average difference be zero. Of the cohort in which it protects, the average difference should be the true one, which is
counted in one large cohort as the share that declines if every school is rated high, less the share if none is.
"""

import argparse
import json
import os
import random
import tomllib
from collections import Counter
from dataclasses import replace
from statistics import mean, stdev

import django
import pandas as pd

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")
django.setup()

from reports.analysis import matching, pipeline, scales  # noqa: E402
from reports.analysis.schema import EvaluationData, Plan  # noqa: E402
from reports.management.commands.seed_demo import SCALES  # noqa: E402
from reports.management.demonstration import answers, fieldwork  # noqa: E402
from surveys.choices import GROUP_BY_STAGE  # noqa: E402
from surveys.loading import FOLDER  # noqa: E402
from surveys.questionnaires import Question, Questionnaire  # noqa: E402

NATIONAL = SCALES["national"]
CLUSTERS = NATIONAL["clusters"]["null"]
LARGE = 1_500  # clusters of the cohort in which the truth is counted: some 63,000 matched pupils


def asked(name):
    """The Questionnaire of one file of surveys/instruments."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    questions = []
    for item in data["items"]:
        scale = data["scales"][item["scale"]]
        questions.append(
            Question(
                item["key"], item["text"], item["construct"], scale["look"],
                tuple((point["value"], point["label"]) for point in scale["points"]),
                tuple((code["code"], code["label"]) for code in scale.get("outside", [])),
                item.get("reverse", False), item.get("scored", True),
            )
        )  # fmt: skip
    stages = data.get("stage_group", "")
    return Questionnaire(0, data["key"], data["title"], data["audience"], stages, "", tuple(questions))


PUPILS = {"P2P4": asked("pupils_p2p4"), "P5P7": asked("pupils_p5p7")}
HEADS = asked("headteacher_impact")
CODEBOOK = pd.DataFrame(
    {
        "stage_group": stage_group,
        "item": question.key,
        "points": str(len(question.points)),
        "reverse": str(int(question.reverse)),
        "scored": str(int(question.scored)),
    }
    for stage_group, form in PUPILS.items()
    for question in form.questions
)


def cohort(seed, effect, clusters=CLUSTERS, every_school_high=None):
    """The evaluation data of one national cohort; `every_school_high` rates all schools alike, for the truth."""
    chooser, size = random.Random(f"{seed} {effect}"), NATIONAL["size"]  # noqa: S311  no secret
    schools = {}
    for cluster in range(clusters):
        for number in range(chooser.choice(NATIONAL["primaries"])):
            truth = answers.school_truth(chooser, effect=effect)
            if every_school_high is not None:
                moved = answers.PROTECTION * (every_school_high - truth.high)
                truth = replace(truth, high=every_school_high, change=truth.change + moved)
            schools[f"S{cluster}-{number}"] = (f"C{cluster}", truth)
    pupils = []
    for school, (_, truth) in schools.items():
        for _, slips in fieldwork.plan_classes(chooser, size):
            for stage, count in slips.items():
                pupils += [(school, stage, answers.pupil_truth(chooser, truth, size)) for _ in range(count)]
    rows = [row for wave in ("pre", "post") for row in _sheets(chooser, schools, pupils, wave)]
    columns = [*rows[0], *dict.fromkeys(CODEBOOK["item"])]
    heads = [
        {"school_id": school} | _rating(chooser, truth)
        for school, (_, truth) in schools.items()
        if chooser.random() < size.ratings
    ]
    frame = pd.DataFrame(rows, columns=list(dict.fromkeys(columns))).fillna("")
    return EvaluationData(pupils=frame, ht=pd.DataFrame(heads), codebook=CODEBOOK)


def _sheets(chooser, schools, pupils, wave):
    for number, (school, stage, pupil) in enumerate(pupils):
        if not (pupil.before if wave == "pre" else pupil.after):
            continue
        cluster, truth = schools[school]
        trait = answers.later(chooser, truth, pupil.trait) if wave == "post" else pupil.trait
        yield {
            "school_id": school, "cluster": cluster, "la": "", "simd_quintile": "", "stage": stage, "wave": wave,
            **answers.sheet(chooser, PUPILS[GROUP_BY_STAGE[stage]], trait),
            "pupil_code": "" if chooser.random() < truth.lost_slips else str(number),
        }  # fmt: skip


def _rating(chooser, truth):
    sheet = answers.rating(chooser, HEADS, truth.high)
    return {f"ht{place}": sheet.get(question.key, "") for place, question in enumerate(HEADS.questions, start=1)}


def true_difference(seed=1):
    """The share of matched pupils that declines if every school is rated high, less the share if none is, in points."""
    shares = []
    for high in (True, False):
        data = cohort(seed, True, LARGE, every_school_high=high)
        forms = scales.instruments(data.codebook)
        shares.append(matching.analysable(matching.clean(data, forms)[0], forms).declined.mean())
    return 100 * float(shares[0] - shares[1])


def main():
    """Print the truth, and one line for each of the two cohorts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--first", type=int, default=1)
    chosen = parser.parse_args()
    print(json.dumps({"true_difference_pp": round(true_difference(), 1)}), flush=True)
    for name in ("null", "effect"):
        found = []
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            results = pipeline.evaluate(cohort(seed, name == "effect"), Plan())
            found.append((results["headline"], results["ladder"]["level"]))
        differences = [100 * headline["rd"] for headline, _ in found]
        line = {
            "cohort": name,
            "seeds": len(found),
            "p_below_05": sum(headline["p"] < 0.05 for headline, _ in found) / len(found),
            "levels": dict(sorted(Counter(level for _, level in found).items())),
            "difference_pp": round(mean(differences), 2),
            "sd": round(stdev(differences), 2),
            "mean_se": round(100 * mean(headline["rd_se"] for headline, _ in found), 2),
            "least": round(min(differences), 1),
            "most": round(max(differences), 1),
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
