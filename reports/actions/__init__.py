"""What can be done in an evaluation, one file a subject. Every action of a person takes `by`."""

from reports.actions.asking import (
    NoPlan,
    cancel_run,
    check_answers_may_be_used,
    check_place_may_be_reported,
    check_report_may_be_asked,
    request_export,
    request_report,
    request_sheets,
)
from reports.actions.exports import take_export
from reports.actions.key_findings import (
    ChangedMeanwhile,
    check_claims,
    draft_key_findings,
    edit_key_findings,
    publish_key_findings,
    tag_key_findings,
    withdraw_key_findings,
)
from reports.actions.plans import check_plan_open, fix_plan
from reports.actions.publishing import few_changed_since_published, people_to_tell, publish_report, withdraw_report
from reports.actions.quotes import choose_quotes
from reports.actions.sheets import few_sheets_changed_since_published, heads_of_sheets, publish_sheets, withdraw_sheets
from reports.actions.states import check_closed

__all__ = [
    "ChangedMeanwhile",
    "NoPlan",
    "cancel_run",
    "check_answers_may_be_used",
    "check_claims",
    "check_closed",
    "check_place_may_be_reported",
    "check_plan_open",
    "check_report_may_be_asked",
    "choose_quotes",
    "draft_key_findings",
    "edit_key_findings",
    "few_changed_since_published",
    "few_sheets_changed_since_published",
    "fix_plan",
    "heads_of_sheets",
    "people_to_tell",
    "publish_key_findings",
    "publish_report",
    "publish_sheets",
    "request_export",
    "request_report",
    "request_sheets",
    "tag_key_findings",
    "take_export",
    "withdraw_key_findings",
    "withdraw_report",
    "withdraw_sheets",
]
