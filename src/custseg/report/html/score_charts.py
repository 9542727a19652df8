"""Pictures of the scores: who has which, and how the money lies on them."""

from __future__ import annotations

from collections.abc import Iterator

from custseg.report.groups import score_groups
from custseg.report.html.charts.columns import Scores, columns_of_scores
from custseg.report.html.charts.heat import heat_map
from custseg.report.html.model import Chart
from custseg.report.html.speaker import Speaker
from custseg.report.model import Column, Figure, Table, Words
from custseg.segment.summary import RfmSummary


def rfm_charts(rfm: RfmSummary, speaker: Speaker) -> Iterator[Chart]:
    """Draw customers and money by two scores, and how many have each score."""
    bins = range(rfm.bins, 0, -1)
    rows = [f"R{score}" for score in bins]
    columns = [f"F{score}" for score in range(1, rfm.bins + 1)]
    scores = range(1, rfm.bins + 1)
    groups = [[("rf", str(r), str(f)) for f in scores] for r in bins]
    grid = [
        list(zip(rfm.customers[r - 1], line, strict=True))
        for r, line in zip(bins, groups, strict=True)
    ]
    money = [rfm.money[score - 1] for score in bins]
    title, about = Words("chart.rfm_people"), Words("chart.rfm_about")
    shown = [[speaker.cell(n, group) for n, group in line] for line in grid]
    told = [[n > 0 and not speaker.secret(n, group) for n, group in line] for line in grid]
    yield Chart(
        title=title,
        about=about,
        svg=heat_map(
            [
                [float(n) if tell else None for (n, _), tell in zip(*each, strict=True)]
                for each in zip(grid, told, strict=True)
            ],
            shown,
            rows,
            columns,
            name="rfm-people",
            title=speaker.say(title),
            about=speaker.say(about),
            row=44,
        ),
    )
    title = Words("chart.rfm_money")
    total = sum(map(sum, money)) or 1.0
    yield Chart(
        title=title,
        about=about,
        svg=heat_map(
            [
                [value if tell else None for value, tell in zip(line, tells, strict=True)]
                for line, tells in zip(money, told, strict=True)
            ],
            [
                [
                    speaker.figure(value / total, "share") if tell else ""
                    for value, tell in zip(line, tells, strict=True)
                ]
                for line, tells in zip(money, told, strict=True)
            ],
            rows,
            columns,
            name="rfm-money",
            title=speaker.say(title),
            about=speaker.say(about),
            row=44,
        ),
    )
    if any(each.scores for each in rfm.measures):
        yield _scores(rfm, speaker)


def _scores(rfm: RfmSummary, speaker: Speaker) -> Chart:
    title, about = Words("chart.scores"), Words("chart.scores_about")
    groups = [
        Scores(
            speaker.say(Words(f"chart.measure.{each.name}")),
            [
                0 if speaker.secret(count, group) else count
                for count, group in zip(each.scores, score_groups(each), strict=True)
            ],
            [
                speaker.few(count, group)
                for count, group in zip(each.scores, score_groups(each), strict=True)
            ],
        )
        for each in rfm.measures
    ]
    head, words = speaker.say(title), speaker.say(about)
    return Chart(
        title=title,
        about=about,
        svg=columns_of_scores(groups, name="scores", title=head, about=words),
        numbers=Table(
            columns=(
                Column(Words("chart.score"), right=True),
                *(Column(Words(f"chart.measure.{each.name}"), right=True) for each in rfm.measures),
            ),
            rows=tuple(
                (
                    Figure(score + 1),
                    *(
                        speaker.people(each.scores[score], score_groups(each)[score])
                        if score < len(each.scores)
                        else ""
                        for each in rfm.measures
                    ),
                )
                for score in range(max(len(each.scores) for each in rfm.measures))
            ),
        ),
    )
