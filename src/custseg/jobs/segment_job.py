"""What a segmentation is asked to do, and what comes of it; light to load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from custseg.config import Settings
from custseg.jobs.consent_files import ConsentFiles
from custseg.jobs.monitor import Monitor
from custseg.jobs.runs import RunContext, file_format

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from custseg.jobs.customers import CustomersInput
    from custseg.jobs.kept import BaseGiven
    from custseg.jobs.sources import Inputs
    from custseg.segment.contacts import ContactList
    from custseg.segment.model import SegmentModel
    from custseg.segment.summary import SegmentSummary


@dataclass(frozen=True, slots=True, repr=False)
class SegmentResult:
    """Scores, model and lists.

    Attributes
    ----------
    scores
        A customer a row, sorted by ``customer_id``.
    profile
        What else is known of them; None but from :func:`segment`.
    model
        What scores other customers the same way.
    lists
        The customers of each segment with their contact columns; empty without segments.
    summary
        Everything the report shows.
    folder
        The run folder written; None for none.
    """

    scores: pa.Table
    profile: pa.Table | None
    model: SegmentModel
    lists: tuple[ContactList, ...]
    summary: SegmentSummary
    folder: Path | None

    def __repr__(self) -> str:
        return f"SegmentResult({self.scores.num_rows:,} customers, {len(self.lists)} lists)"

    def frame(self) -> pd.DataFrame:
        """Give the scores as a pandas frame: money as floats, days as timestamps."""
        import pyarrow as pa
        import pyarrow.compute as pc

        exact = [each.name for each in self.scores.schema if pa.types.is_decimal(each.type)]
        table = self.scores
        for name in exact:
            place = table.column_names.index(name)
            table = table.set_column(place, name, pc.cast(table[name], pa.float64()))
        frame: pd.DataFrame = table.to_pandas(date_as_object=False)
        return frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the jobs of segmentation have in common.

    Attributes
    ----------
    context, monitor
        Command and settings; what is told of stages and warnings.
    output, force
        Where the run goes, and whether an older one may be replaced.
    consent, events
        Ledgers and lists of opt-outs; inquiries, visits and other contacts.
    """

    context: RunContext
    monitor: Monitor
    output: str | Path | None
    force: bool
    consent: ConsentFiles = field(default_factory=ConsentFiles)
    events: Inputs | None = None

    @property
    def whole(self) -> bool:
        """Whether this is the whole segmentation, with profile, tables and forecast."""
        return self.context.command == "segment"

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.context.settings

    @property
    def folder(self) -> Path | None:
        """The folder that the output names; None where it names one table, or nothing."""
        if self.output is None or self.output == "-" or file_format(self.output):
            return None
        return Path(self.output)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a segmentation is made with, beside orders and settings.

    Attributes
    ----------
    customers
        Whom the orders are assigned to.
    model, previous
        A saved model to score with; an earlier run to compare with.
    cuts
        Fixed cuts by measure.
    base
        What remembers runs, and who is in which segment.
    """

    customers: CustomersInput = None
    model: str | Path | SegmentModel | None = None
    previous: str | Path | SegmentModel | None = None
    cuts: Mapping[str, Sequence[float]] | None = None
    base: BaseGiven = None
