"""The report as an Excel workbook: a first sheet to read, and a sheet a subject with its charts."""
