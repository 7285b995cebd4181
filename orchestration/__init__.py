"""Dagster only, and thin: assets, checks, jobs, schedules and sensors around the stages, and the commands that start them.

Here belong what runs when, on which home folder, and what an operator sees of it. What does not belong here: reading of
filings, rules of the forms, SQL of the marts.
"""
