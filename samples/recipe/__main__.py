"""`python -m samples.recipe` rewrites samples/filings and samples/expected."""

from samples.recipe.compose import write

write()
