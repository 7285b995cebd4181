"""Composes the sample filings and what is expected of them.

`figures/` holds one YAML file per filing: its figures, its own sentences, its quirks and what a careful reader takes from it.
`statutory` lays a statutory table out from the catalogue; `pdf`, `page`, `word` and `plain` write the native formats.
Nothing here reads a filing, and no label of a form is written here: labels come from the catalogue.
"""
