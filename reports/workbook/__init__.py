"""The questionnaire as a workbook for a meeting."""
