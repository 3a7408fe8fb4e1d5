"""Readers of the official Scottish school registers: a file in, plain values out; no database, no Django.

Three publications are recognised by their headings, never by their file names, as .xlsx or as .csv:

- the *school contact list* (which schools are open, where, with which departments);
- the *school-level summary statistics* (roll by stage, teachers, pupils by deprivation fifth);
- *SchoolRoll* ("Scottish School Roll and Locations": one row per school and sector, with a deprivation band).

Start at `reader.read_register`. What comes back is described in `readings`: records keyed by SEED code and
sector, figures that keep their suppression mark, and every row that could not be read with its number and reason.
"""
