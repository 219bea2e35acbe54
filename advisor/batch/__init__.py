"""Files of many cases advised on: Parquet, Arrow, CSV and NDJSON in and out, in chunks, so that memory stays flat.

In: files and a pack. Out: a file of advice, and one of what is wrong with which row. A run that was killed goes on
where it was. `columns/` does the advising; here files are read, written and kept account of.
"""
