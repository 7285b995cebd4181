"""A made nation as raw files: agencies that are renamed, merged and moved, their filings of eight years, and the truth about them.

The figures are those of `benchmarks.national`, printed by `benchmarks.corpus`; nothing is drawn here but who exists when and what
becomes of each filing. Read in this order: `places` (divisions through time) -> `careers` (agencies through time) -> `papers` (what is
filed for a year, in which versions and copies) -> `pages` (the bytes of a filing) -> `inbox` (files and an operator's lists) ->
`known` (who took over from whom and who is expected, told from what was filed) -> `truth` (coverage and roll-ups that have to
come out) -> `compare` (a release against them). Whole numbers of millionths throughout, as in `national`.
"""
