"""When the pipeline runs by itself: after the two statutory deadlines for annual reports.

Departments publish by 31 January, governments by 31 March (Regulation of 2019, article 49).
"""

import dagster as dg

from orchestration.jobs import whole_run, year_range
from orchestration.partitions import last_report_year


@dg.schedule(
    job=whole_run,
    cron_schedule=["0 6 1 2 *", "0 6 1 4 *"],
    execution_timezone="Asia/Shanghai",
    name="after_the_deadlines",
    description="1 February and 1 April: the report year just ended.",
)
def after_the_deadlines(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    year = last_report_year(context.scheduled_execution_time.date())
    return dg.RunRequest(
        run_key=f"report-year-{context.scheduled_execution_time:%Y-%m-%d}", tags=year_range(year, year)
    )
