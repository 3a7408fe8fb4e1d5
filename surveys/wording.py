"""What is said to the adults who are asked: one set of words for each audience, for e-mail, form, list and page."""

from dataclasses import dataclass

from surveys.choices import Audience

UNMATCHED = (
    "Answers that came by the school’s link are anonymous, so nobody can say which sheet before belongs to which sheet after. They "
    "count for the group as a whole, and not as a person’s own change."
)


@dataclass(frozen=True)
class Words:
    """The words of one audience. `about` and `what` take {place}: the school, or for mentors the cluster.

    subject, reminder  of the e-mails; `asking` is their first sentence
    title              of the form; `what` of the entry among the own surveys, `button_line` of the due list
    seen_by            who sees the answers, line by line
    privacy            the same as one paragraph, for the e-mail
    one, many          the people: "headteacher", "headteachers"
    """

    subject: str
    reminder: str
    asking: str
    title: str
    what: str
    due: str
    seen_by: tuple
    privacy: str
    one: str
    many: str


_ONLY_SSERC = "SSERC and the programme’s evaluator, to understand what the programme does for those who teach."
_OF_TEN = "Results are given for groups of ten people or more. Nothing that could be traced to one person is shown."

WORDS = {
    Audience.HEAD: Words(
        subject="How has the Primary Cluster Programme gone in your school?",
        reminder="A reminder: how has the Primary Cluster Programme gone in your school?",
        asking="We would like to hear what difference the programme has made in {place}.",
        title="The programme in your school",
        what="How the programme has gone in {place}",
        due="Say what difference the programme has made",
        seen_by=(
            "SSERC and the programme’s evaluator, to understand what helped pupils.",
            "You, until the survey closes.",
            "Nobody else: not your council, not other schools, not mentors, and not another headteacher of this school. Reports "
            "never show one school’s rating.",
        ),
        privacy=(
            "What you say of your school is seen by SSERC and the evaluator. It is not shown to your council, to other schools, "
            "to mentors or to another headteacher of your school. If two of you lead the school, one of you answers for it."
        ),
        one="headteacher",
        many="headteachers",
    ),
    Audience.TEACHER: Words(
        subject="Teaching science and technology: how confident do you feel?",
        reminder="A reminder: how confident do you feel in teaching science and technology?",
        asking="We would like to hear how you feel about teaching science and technology at {place}.",
        title="Teaching science and technology",
        what="Teaching science and technology at {place}",
        due="Say how you feel about teaching science and technology",
        seen_by=(
            _ONLY_SSERC,
            "You, until the survey closes.",
            "Nobody else: not your headteacher, not your council, not mentors and not other teachers. " + _OF_TEN,
            "How many of a school have answered is seen by its headteacher and council, never who said what.",
        ),
        privacy=(
            "What you say is seen by SSERC and the evaluator only. It is not shown to your headteacher, to your council, to "
            "mentors or to other teachers. " + _OF_TEN
        ),
        one="teacher",
        many="teachers",
    ),
    Audience.MENTOR: Words(
        subject="You as a mentor: how confident do you feel?",
        reminder="A reminder: how confident do you feel as a mentor?",
        asking="We would like to hear how you feel about teaching science and technology, and about being a mentor in {place}.",
        title="You as a mentor",
        what="You as a mentor in {place}",
        due="Say how you feel about being a mentor",
        seen_by=(
            _ONLY_SSERC,
            "You, until the survey closes.",
            "Nobody else: not your headteacher, not your council, not teachers and not other mentors. " + _OF_TEN,
            "How many of a cluster have answered is seen by its schools’ headteachers and council, never who said what.",
        ),
        privacy=(
            "What you say is seen by SSERC and the evaluator only. It is not shown to your headteacher, to your council, to "
            "teachers or to other mentors. " + _OF_TEN
        ),
        one="mentor",
        many="mentors",
    ),
}


def effort(asked):
    """How much a Questionnaire asks: "16 questions, about 6 minutes"."""
    return f"{len(asked.questions)} questions, about {asked.minutes} minutes"
