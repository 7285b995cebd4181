"""When the pipeline runs by itself: after the two statutory deadlines for annual reports, and weekly while they appear.

Departments publish by 31 January, governments by 31 March (Regulation of 2019, article 49). A tick that was missed while
no daemon ran is made up for when it runs again: Dagster's scheduler catches up on the last five.
"""

import dagster as dg

from orchestration.jobs import fetch_and_run, year_range
from orchestration.partitions import TIMEZONE, last_report_year
from orchestration.run_log import WHAT_FOR


@dg.schedule(
    job=fetch_and_run,
    cron_schedule=["0 6 1 2 *", "0 6 1 4 *"],
    execution_timezone=TIMEZONE,
    name="after_the_deadlines",
    description="1 February and 1 April: the report year just ended.",
)
def after_the_deadlines(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return request_last_year(context, "the deadline that has passed")


@dg.schedule(
    job=fetch_and_run,
    cron_schedule="0 6 * 1-4 1",
    execution_timezone=TIMEZONE,
    name="in_season",
    description="Mondays from January to April: what has been published since, for the report year just ended.",
)
def in_season(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return request_last_year(context, "the weekly look while reports appear")


def request_last_year(context: dg.ScheduleEvaluationContext, what_for: str) -> dg.RunRequest:
    """A run for the report year that had just ended when the tick was due, however late it is made up for."""
    due = context.scheduled_execution_time
    year = last_report_year(due.date())
    return dg.RunRequest(run_key=f"report-year-{due:%Y-%m-%d}", tags=year_range(year, year) | {WHAT_FOR: what_for})
