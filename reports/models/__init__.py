"""The plan of an evaluation, the jobs, what they have made, and the data that were taken away: one file a subject."""

from reports.models.coded import CodedAnswers
from reports.models.plans import AnalysisPlan, make_salt
from reports.models.quotes import QuoteUse
from reports.models.reports import KeyFindings, Report, ReportFile, ReportNotice
from reports.models.runs import DataExport, DataTaking, ReportRun
from reports.models.sheets import SchoolSheet, SheetFile, SheetNotice, SheetSet
from reports.models.trends import Trend, TrendChart, TrendFile

__all__ = [
    "AnalysisPlan",
    "CodedAnswers",
    "DataExport",
    "DataTaking",
    "KeyFindings",
    "QuoteUse",
    "Report",
    "ReportFile",
    "ReportNotice",
    "ReportRun",
    "SchoolSheet",
    "SheetFile",
    "SheetNotice",
    "SheetSet",
    "Trend",
    "TrendChart",
    "TrendFile",
    "make_salt",
]
