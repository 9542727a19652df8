from __future__ import annotations

from datetime import date
from html import unescape
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.engine import Engine
from custseg.errors import InputError
from custseg.fields.recognize import recognize
from custseg.jobs.monitor import Monitor
from custseg.jobs.segment import segment
from custseg.segment.events import (
    MOST_TYPES,
    OTHER_TYPES,
    customer_events,
    is_closed,
    is_complaint,
)

CUSTOMERS = pa.array(["a", "b", "c"])
AS_OF = date(2024, 4, 1)


def events_of(*rows: tuple[str | None, ...], source: str = "e.csv") -> pa.Table:
    names = ("customer_id", "event_date", "event_type", "event_channel", "event_status")
    columns = zip(*rows, strict=True)
    table = pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)}
    )
    return table.append_column("source", pa.array([source] * len(rows)))


def test_last_contact_number_by_kind_and_open_complaints(engine: Engine) -> None:
    table, summary = customer_events(
        engine,
        events_of(
            ("a", "2024-03-01", "問合せ", "電話", "完了"),
            ("a", "2024-03-05", "クレーム", "電話", "対応中"),
            ("a", "2024-02-05", "ｸﾚｰﾑ", "メール", "対応済み"),
            ("b", "2024-01-01 10:00", "クレーム", None, None),
            ("x", "2024-01-01", "問合せ", None, None),
            (None, "2024-01-01", "問合せ", None, None),
            ("b", "soon", "問合せ", None, None),
            ("b", "2024-05-01", "問合せ", None, None),
            (None, None, None, None, None),
        ),
        CUSTOMERS,
        AS_OF,
    )
    assert table.to_pydict() == {
        "customer_id": ["a", "b", "c"],
        "last_contact": [date(2024, 3, 5), date(2024, 1, 1), None],
        "contacts": [3, 1, 0],
        "contacts_クレーム": [2, 1, 0],
        "contacts_問合せ": [1, 0, 0],
        "open_complaints": [1, 1, 0],
    }
    assert (summary.rows, summary.used, summary.customers) == (9, 4, 2)
    assert {each.reason: each.rows for each in summary.excluded} == {
        "empty": 1,
        "no_customer": 1,
        "undated": 1,
        "future": 1,
        "no_orders": 1,
    }
    assert (summary.open_complaints, summary.customers_waiting) == (2, 2)
    assert [(each.name, each.events, each.complaint) for each in summary.types] == [
        ("クレーム", 3, True),
        ("問合せ", 1, False),
    ]


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        *(("完了", True), ("対応済み", True), ("Closed", True), ("ｸﾛｰｽﾞ", True)),
        *(("未完了", False), ("In Progress", False), ("対応中", False), ("なぞ", False)),
        *(("処理完了", True), ("完了済み", True), ("完了（返金）", True), ("○", True)),
        *(("Closed - Refunded", True), ("受付済み", False), ("未処理", False), ("×", False)),
        *(("一部対応済み", False), ("unresolved", False), ("対応完了待ち", False)),
    ],
)
def test_states(state: str, closed: bool) -> None:
    assert is_closed(state) == closed


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        *(("苦情", True), ("ご意見・ｸﾚｰﾑ", True), ("Complaint", True), ("claim", True)),
        *(("reclaimed", False), ("資料請求", False), ("page_view", False)),
    ],
)
def test_complaints(kind: str, complaint: bool) -> None:
    assert is_complaint(kind) == complaint


def test_words_that_say_nothing_of_the_state_count_as_open_and_are_told(engine: Engine) -> None:
    _, summary = customer_events(
        engine, events_of(("a", "2024-03-01", "苦情", None, "なぞ")), CUSTOMERS, AS_OF
    )
    assert (summary.open_complaints, summary.unknown_states) == (1, 1)


def test_without_states_nobody_knows_what_is_open(engine: Engine) -> None:
    events = events_of(("a", "2024-03-01", "苦情", None, None)).drop_columns(["event_status"])
    table, summary = customer_events(engine, events, CUSTOMERS, AS_OF)
    assert "open_complaints" not in table.column_names
    assert summary.open_complaints is None


def test_ids_are_mapped_like_those_of_orders(engine: Engine) -> None:
    ids = pa.table({"source_id": ["M1", "M2", "M9"], "customer_id": ["a", "a", "z"]})
    events = events_of(
        *(((who), "2024-03-01", None, None, None) for who in ("M1", "M2", "c", "M9"))
    )
    table, summary = customer_events(engine, events, CUSTOMERS, AS_OF, ids=ids)
    assert table["contacts"].to_pylist() == [2, 0, 1]
    assert [(each.reason, each.rows) for each in summary.excluded] == [("no_orders", 1)]


def test_the_same_rows_in_another_file_count_once(engine: Engine) -> None:
    rows = [("a", "2024-03-01", "view", None, None)] * 2 + [("b", "2024-03-02", None, None, None)]
    once, _ = customer_events(engine, events_of(*rows), CUSTOMERS, AS_OF)
    both = pa.concat_tables([events_of(*rows), events_of(*reversed(rows), source="f.csv")])
    twice, summary = customer_events(engine, both, CUSTOMERS, AS_OF)
    assert twice.equals(once)
    assert once["contacts"].to_pylist() == [2, 1, 0]
    assert {each.reason: each.rows for each in summary.excluded} == {"repeated": 3}


def test_typed_days_and_texts_of_days_are_the_same(engine: Engine) -> None:
    texts = events_of(("a", "2024-03-01", "view", None, None), ("b", "2024-03-02", "x", None, None))
    typed = texts.set_column(
        1, "event_date", pa.array([date(2024, 3, 1), date(2024, 3, 2)], pa.date32())
    )
    assert customer_events(engine, typed, CUSTOMERS, AS_OF) == customer_events(
        engine, texts, CUSTOMERS, AS_OF
    )


def test_rare_kinds_share_a_column(engine: Engine) -> None:
    rows = [("a", "2024-03-01", f"kind {n:02}", None, None) for n in range(MOST_TYPES + 3)]
    table, summary = customer_events(engine, events_of(*rows), CUSTOMERS, AS_OF)
    assert table[OTHER_TYPES].to_pylist() == [3, 0, 0]
    assert len(summary.types) == MOST_TYPES + 3


@pytest.mark.parametrize("role", ["customer_id", "event_date"])
def test_events_without_customers_or_days_are_refused(engine: Engine, role: str) -> None:
    events = events_of(("a", "2024-03-01", None, None, None)).drop_columns([role])
    with pytest.raises(InputError) as caught:
        customer_events(engine, events, CUSTOMERS, AS_OF)
    assert caught.value.key == "segment.event_role_missing"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "z", None]),
            st.sampled_from(["2024-03-01", "2024-03-09", "2024-06-01", "?"]),
            st.sampled_from(["苦情", "view", None]),
            st.none(),
            st.sampled_from(["open", "closed", None]),
        ),
        min_size=1,
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_every_row_is_used_or_left_out_in_any_order(
    rows: list[tuple[str | None, ...]], random: np.random.Generator
) -> None:
    with Engine(threads=1) as engine:
        table, summary = customer_events(engine, events_of(*rows), CUSTOMERS, AS_OF)
        random.shuffle(rows)  # type: ignore[arg-type]
        again, _ = customer_events(engine, events_of(*rows), CUSTOMERS, AS_OF)
    assert again.equals(table)
    assert summary.rows == summary.used + sum(each.rows for each in summary.excluded)
    counted = [
        row for row in rows if row[0] in ("a", "b") and row[1] in ("2024-03-01", "2024-03-09")
    ]
    assert sum(table["contacts"].to_pylist()) == summary.used == len(counted)
    waiting = [row for row in counted if row[2] == "苦情" and row[4] != "closed"]
    assert summary.open_complaints == len(waiting)


@pytest.mark.parametrize(
    "header",
    [
        ("会員番号", "問合せ日", "種別", "チャネル", "対応状況"),
        ("お客様ID", "受付日時", "問い合わせ区分", "受付方法", "ステータス"),
        ("customer_id", "date", "type", "channel", "status"),
        ("user_id", "event_timestamp", "event_name", "source", "state"),
        ("Account ID", "Created At", "Case Type", "Case Origin", "Case Status"),
    ],
)
def test_headers_of_events(header: tuple[str, ...]) -> None:
    rows = [
        ("M1", "2024-03-01", "クレーム", "電話", "完了"),
        ("M2", "2024-03-02", "x", "web", "new"),
    ]
    table = pa.table(dict(zip(header, map(list, zip(*rows, strict=True)), strict=True)))
    assert [guess.role for guess in recognize(table, kind="events")] == [
        *("customer_id", "event_date", "event_type", "event_channel", "event_status")
    ]


@pytest.mark.parametrize("kind", ["people", "orders", "any"])
def test_other_tables_know_nothing_of_events(kind: str) -> None:
    table = pa.table(
        {"種別": ["a", "b"], "status": ["x", "y"], "date": ["2024-01-01", "2024-01-02"]}
    )
    roles = {guess.role for guess in recognize(table, kind=kind)}  # type: ignore[arg-type]
    assert not any(str(role).startswith("event_") for role in roles)


def test_a_day_without_any_inquiry_is_no_error(tmp_path: Path) -> None:
    orders = ["注文番号,会員番号,注文日,金額"]
    orders += [f"{n},M{n % 9},2024-01-{n % 27 + 1:02},{n + 500}" for n in range(30)]
    (tmp_path / "orders.csv").write_text("\n".join(orders), encoding="utf-8")
    (tmp_path / "events.csv").write_text("会員番号,問合せ日,種別,対応状況\n", encoding="cp932")
    settings = Settings(
        segment=SegmentSettings(clusters="none"), rules={"urgent": "open_complaints > 0"}
    )
    found = segment(tmp_path / "orders.csv", events=tmp_path / "events.csv", settings=settings)
    assert found.profile is not None
    assert set(found.profile["contacts"].to_pylist()) == {0}
    assert found.summary.events is not None
    assert (found.summary.events.rows, found.summary.events.open_complaints) == (0, 0)
    assert "segment.warn.no_events" in {each.key for each in found.summary.warnings}


def test_events_join_the_profile_and_the_rules(tmp_path: Path) -> None:
    orders = ["注文番号,会員番号,注文日,金額"]
    orders += [f"{n},M{n % 30:02},2024-0{n % 3 + 1}-{n % 27 + 1:02},{n + 500}" for n in range(90)]
    (tmp_path / "orders.csv").write_text("\n".join(orders), encoding="cp932")
    lines = ["会員番号,問合せ日,種別,チャネル,対応状況"]
    lines += [
        "M01,令和6年3月1日,苦情,電話,対応中",
        "M01,2024/03/02,問合せ,電話,完了",
        "M02,2024/03/03,苦情,メール,完了",
        "M99,2024/03/03,苦情,メール,完了",
    ]
    (tmp_path / "events.csv").write_text("\n".join(lines), encoding="cp932")
    monitor = Monitor()
    settings = Settings(
        segment=SegmentSettings(clusters="none"), rules={"急ぎ": "open_complaints > 0"}
    )
    found = segment(
        tmp_path / "orders.csv",
        output=tmp_path / "run",
        events=tmp_path / "events.csv",
        settings=settings,
        monitor=monitor,
    )
    assert found.profile is not None
    by_id = {row["customer_id"]: row for row in found.profile.to_pylist()}
    assert by_id["M01"]["last_contact"] == date(2024, 3, 2)
    assert by_id["M01"]["contacts_苦情"] == 1
    assert by_id["M02"]["open_complaints"] == 0
    assert by_id["M03"]["contacts"] == 0
    assert found.summary.rules is not None
    assert found.summary.rules.rows[0].customers == 1
    assert found.summary.events is not None
    assert found.summary.events.roles["event_date"] == "問合せ日"
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    said = "3 events; customers with any: <10; open complaints: – (customers waiting: <10)"
    assert said in " ".join(unescape(page).split())
    orders_alone = segment(tmp_path / "orders.csv", settings=Settings(segment=settings.segment))
    assert orders_alone.scores.equals(found.scores)
    assert orders_alone.summary.orders == found.summary.orders
