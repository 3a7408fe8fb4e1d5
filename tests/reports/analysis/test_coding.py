import pandas as pd

from reports.analysis.coding import UNSCORED, cells
from surveys.loading import OUTSIDE_CODES


def test_every_code_outside_a_questionnaires_scale_is_an_unscored_answer_and_not_a_mistake():
    assert OUTSIDE_CODES <= UNSCORED
    assert cells(pd.Series(["PN", "te", " CS ", "NS", "X", "4", ""])).tolist() == [-1, -1, -1, -1, -2, 4, 0]
