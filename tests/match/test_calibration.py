"""A link at a probability of nine tenths is right nine times in ten, families or none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from custseg import clean
from custseg.demo import generate, write
from custseg.demo.shares import Shares
from custseg.jobs.runs import record_names

ALONE = replace(Shares(), household_sizes=(1.0,))


@pytest.mark.parametrize("kind", ["english", "japanese"])
@pytest.mark.parametrize("shares", [Shares(), ALONE], ids=["households", "no households"])
def test_links_are_right_as_often_as_they_say(kind, shares, tmp_path):
    data = generate(8_000, 17, kind, shares)
    write(data, tmp_path)
    found = clean([tmp_path / file.name for file in data.of("customers")])
    truth = record_names(data.truth)
    place = pc.index_in(record_names(found.records), value_set=truth)
    person = data.truth["person"].combine_chunks().take(place).to_numpy()
    links: pa.Table = found.matches.links
    right = person[links["left"].to_numpy()] == person[links["right"].to_numpy()]
    probability = links["probability"].to_numpy()
    for least in (0.9, 0.99):
        sure = probability >= least
        assert sure.sum() > 1_000
        assert right[sure].mean() >= least
    likely = (probability >= 0.9) & (probability < 0.99)
    assert right[likely].mean() >= 0.9
    matched = np.array(links["decision"].to_pylist()) == "match"
    assert right[matched].mean() >= 0.99
