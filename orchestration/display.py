"""What `gouji run` shows while it works: a line per stage, with rate and time left where the total is known."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as ProgressBars
from rich.text import Text

from orchestration.progress import Progress

STAGES = {
    "fetch": "fetch 抓取",
    "archive": "receive 收件",
    "extract": "extract 提取",
    "parse": "parse 解析",
    "model": "model 建模",
    "validate": "validate 校验",
    "publish": "publish 发布",
}


class RateColumn(ProgressColumn):
    """Units per second, once there is a speed to tell."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.0f}/s" if speed else "", style="dim")


class Display:
    """Draws the progress of a run on a console; on one that is no terminal it prints a line per finished stage."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tasks: dict[str, TaskID] = {}
        self._bars = ProgressBars(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            RateColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("[dim]{task.fields[note]}"),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Display:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def show(self, progress: Progress) -> None:
        """Take one report of progress."""
        task = self._tasks.get(progress.stage)
        label = STAGES.get(progress.stage, progress.stage)
        if task is None:
            task = self._tasks[progress.stage] = self._bars.add_task(label, total=progress.total, note="")
        total = progress.total
        if progress.finished:
            total = max(progress.done, 1) if total is None else total
            done = total
            if not self._console.is_terminal:
                self._console.print(f"{label}: {progress.note}", highlight=False)
        else:
            done = progress.done
        self._bars.update(task, completed=done, total=total, note=progress.note)
