"""A made nation of agencies whose reports enter at the staged stage: what a million reports cost, and whether what comes out is true.

Read in this order: `agencies` (who reports) -> `figures` (what they counted) -> `mistakes` (what some of them print instead)
-> `reports` (what each filing says of itself) -> `outcomes` (what the parser would say of a report without a flaw) ->
`staging` (the Parquet files of `disclosure.stage`) -> `truth` (what is known beside them) -> `panel` (the whole, year by year).

Every number is a function of seed, agency, year and place (`chance`), so that any report can be drawn alone, in any order, and
two years of one agency tie. What does not belong here: bytes, documents and reading (`benchmarks.corpus`).
"""
