"""The one declarative source: forms, identities, narrative facts, indicators, categories, regions, published tables.

The YAML files are what a maintainer edits. `model` gives them types, `load` reads and cross-checks them (`check`, `expand`),
`derive` writes what is made from them. What does not belong here: reading a report, judging a figure, and SQL.
"""
