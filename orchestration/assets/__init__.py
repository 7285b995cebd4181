"""The assets of the pipeline, one module per stage, in the order of a filing's journey:
archive, extract, parse, model, publish. What a stage does is in `disclosure` and `dbt_project`; here it is only called.
"""
