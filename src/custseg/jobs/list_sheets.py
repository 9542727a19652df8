"""Lists of segments as sheets of one workbook: what their sheets are called, and reading them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from custseg.jobs.stored import read_summary
from custseg.segment.summary import SegmentSummary
from custseg.tables.excel import read_workbook
from custseg.tables.workbook import SHEET_ROWS, sheet_names

WORKBOOK: Final = "segments/segments"
"""The file of all lists, without its ending."""


def sheets_of(sizes: Mapping[str, int], most: int = SHEET_ROWS) -> dict[str, list[str]]:
    """Name the sheets of each list: one, and further ones where it has more than `most` rows.

    Further sheets are named after all others, so that those keep the names that reports give.
    """
    further = {
        file: [f"{file}_{number}" for number in range(2, -(-rows // most) + 1)]
        for file, rows in sizes.items()
    }
    names = sheet_names([*sizes, *(name for more in further.values() for name in more)])
    return {file: [names[name] for name in (file, *further[file])] for file in sizes}


def read_lists(folder: Path) -> dict[str, pa.Table]:
    """Read the lists of a segmentation whose lists are one workbook, by the name of the list.

    Raises
    ------
    InputError
        If the workbook, or the summary, is damaged.
    """
    path = folder / f"{WORKBOOK}.xlsx"
    sheets = read_workbook(path.read_bytes(), path.name)
    summary = read_summary(folder, SegmentSummary)
    own = sheets_of({each.file: each.customers for each in summary.lists})
    return {
        file: pa.concat_tables([sheets[name] for name in names], promote_options="permissive")
        for file, names in own.items()
    }
