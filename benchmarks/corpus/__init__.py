"""A seeded corpus of annual reports that are not real, with their truth: the same seed makes the same bytes.

Read it top down: `figures` draws the numbers of one agency and year so that every identity holds, `filing` adds the agency and
its prose, `layout` sets the statutory tables on a grid, and one module per format (`pdf`, `scan`, `html`, `docx`, `text`) prints a
filing with one named trait of real reports. `stream` joins them. Nothing here reads a report.
"""
