"""The pure library: from bytes of a filing to cells, facts, identities and findings.

Here belong archive, extract, parse, reconcile, stage and publish. What does not belong here: Dagster, dbt, Great
Expectations (a test holds that line), and any label, code or rule of a form, which live in `catalogue/`.
"""
