"""Documents of an evaluation: the stored results and their charts in, the bytes of a PDF or spreadsheet out.

Pure renderings of `reports.presentation.present`: no database, no clock; the same results give the same bytes.
"""
