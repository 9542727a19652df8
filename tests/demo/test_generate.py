"""Made exports hold what was asked for, and the truth about them is complete."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import fields, replace

import numpy as np
import phonenumbers
import pyarrow.compute as pc
import pytest

from custseg.demo import Shares, export_bytes, generate, write
from custseg.demo.emails import ENGLISH, JAPANESE
from custseg.demo.english_people import CITIES
from custseg.errors import UsageError
from custseg.resources.postal import postal_table
from custseg.tables import read_table

ROWS = 4_000
KINDS = ("japanese", "english")

CLEAN = replace(
    Shares(),
    **{
        field.name: 0.0
        for field in fields(Shares)
        if field.name.startswith(("typo_", "missing_", "no_", "lost_", "several_", "placeholder"))
    },
    swapped=0.0,
    whole_name=0.0,
    title=0.0,
    homophone=0.0,
    phone_shop=0.0,
    null_marker=0.0,
    sparse=0.0,
)
"""A file without planted errors; formats still differ."""


@pytest.fixture(scope="module", params=KINDS)
def data(request):
    return generate(ROWS, 11, request.param)


@pytest.fixture(scope="module", params=KINDS)
def clean(request):
    return generate(ROWS, 12, request.param, CLEAN)


def cells(data, *columns):
    """Every non-empty cell of the customer files under the named headers."""
    for file in data.of("customers"):
        for column in columns:
            if column in file.table.column_names:
                yield from filter(None, file.table[column].to_pylist())


def was_utf8(cell):
    """Tell whether UTF-8 was read as cp932."""
    try:
        return cell.encode("cp932").decode("utf-8") != cell
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [10, 301])
def test_rows_are_exactly_as_many_as_asked(kind, rows):
    data = generate(rows, 1, kind)
    assert sum(file.table.num_rows for file in data.of("customers")) == rows
    assert data.truth.num_rows == rows


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(kind):
    one, same, other = (generate(500, seed, kind) for seed in (5, 5, 6))
    assert one.truth.equals(same.truth)
    for first, second, third in zip(one.files, same.files, other.files, strict=True):
        assert export_bytes(first) == export_bytes(second)
        assert export_bytes(first) != export_bytes(third)


def test_what_is_written_is_read_back(data, tmp_path):
    truth = defaultdict(list)
    for source, row in zip(
        *(data.truth[name].to_pylist() for name in ("source", "row")), strict=True
    ):
        truth[source].append(row)
    for path, file in zip(write(data, tmp_path), data.files, strict=True):
        read = read_table(path)
        assert read.encoding == file.encoding
        assert read.quarantine.num_rows == len(file.broken)
        assert read.rows.to_pylist() == file.row_numbers().tolist()
        for column in file.table.column_names:
            written = [cell or None for cell in file.table[column].to_pylist()]
            assert read.table[column].to_pylist() == written
        if file.content == "customers":
            assert truth.pop(file.name) == read.rows.to_pylist()
            assert file.broken
    assert not truth
    assert read_table(tmp_path / "truth.csv").table.num_rows == ROWS
    assert "invented" in (tmp_path / "README.txt").read_text("utf-8")
    with pytest.raises(UsageError):
        write(data, tmp_path)
    write(data, tmp_path, force=True)


def test_shares_of_persons_and_households(data):
    person = data.truth["person"].to_numpy()
    household = data.truth["household"].to_numpy()
    sizes = np.bincount(person)
    assert 0.26 < (sizes > 1).mean() < 0.31
    of_person = dict(zip(person.tolist(), household.tolist(), strict=True))
    assert all(of_person[p] == h for p, h in zip(person.tolist(), household.tolist(), strict=True))
    members = Counter(of_person.values())
    shared = sum(size for size in members.values() if size > 1) / len(of_person)
    assert 0.2 < shared < 0.35


def test_persons_cross_files():
    truth = generate(ROWS, 11, "japanese").truth.to_pandas()
    sources = truth.groupby("person").source.agg(["nunique", "size"])
    several = sources[sources["size"] > 1]
    assert 0.55 < (several["nunique"] == 2).mean() < 0.85


def test_phones_are_valid_where_no_error_is_planted(clean):
    region = "JP" if clean.kind == "japanese" else "US"
    seen = Counter()
    for cell in cells(clean, "電話番号", "携帯電話番号", "Phone", "Mobile"):
        number = phonenumbers.parse(cell, region)
        seen[phonenumbers.is_valid_number(number)] += 1
        if region == "US":
            assert 555 <= number.national_number // 10_000 % 1000 <= 570
    assert seen[True] > ROWS
    assert not seen[False]


def test_postal_codes_belong_to_their_city_where_no_error_is_planted():
    towns = postal_table(readings=False).select(["postal_code", "prefecture", "city"]).to_pylist()
    known = {(town["postal_code"], town["prefecture"] + town["city"]) for town in towns}
    files = generate(1000, 3, "japanese", CLEAN).of("customers")
    web = files[1].table.select(["郵便番号", "都道府県", "市区町村"]).to_pylist()
    wide_to_narrow = str.maketrans("０１２３４５６７８９－", "0123456789-", "〒")
    garbled = 0
    for row in web:
        code = row["郵便番号"].translate(wide_to_narrow).replace("-", "")
        garbled += (code, row["都道府県"] + row["市区町村"]) not in known
    assert garbled == 2  # the cells read in the wrong encoding on purpose


def test_zip_codes_belong_to_their_state_where_no_error_is_planted():
    (crm,) = generate(1000, 3, "english", CLEAN).of("customers")
    prefixes = defaultdict(set)
    for _, state, prefix, _, _ in CITIES:
        prefixes[state].add(prefix)
    rows = [
        row for row in crm.table.select(["State", "ZIP Code"]).to_pylist() if row["State"].isupper()
    ]
    for row in rows:
        if len(row["State"]) == 2:
            assert row["ZIP Code"][:3] in prefixes[row["State"]]
    assert len(rows) > 500


def test_area_codes_name_one_city():
    assert len({city[3] for city in CITIES}) == len(CITIES)


def test_mail_reaches_nobody(clean):
    domains = {*JAPANESE.domains, *ENGLISH.domains}
    found = {cell.lower().partition("@")[2] for cell in cells(clean, "メールアドレス", "Email")}
    assert found <= domains
    assert len(found) > 5


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (("電話番号", "Phone"), ("03-3550-0100", "(212) 555-0100")),
        (("電話番号", "Phone"), ("000-0000-0000", "000-000-0000")),
        (("生年月日", "Date of Birth"), ("1900-01-01", "01/01/1900")),
        (("電話番号", "メールアドレス", "Phone", "Email"), ("なし", "N/A")),
    ],
)
def test_placeholders_and_empty_words_are_there(data, columns, words):
    found = Counter(cells(data, *columns))
    assert any(found[word] > 1 for word in words)


def test_the_mess_is_there():
    store, web = generate(ROWS, 11, "japanese").of("customers")
    birth = pc.drop_null(store.table["生年月日"])
    for pattern, least, most in (
        (r"^(昭和|平成|大正|令和)", 0.12, 0.3),
        (r"^[SHTR]\d", 0.2, 0.45),
        (r"^\d{4}-\d\d-\d\d$", 0.1, 0.4),
    ):
        assert least < pc.mean(pc.match_substring_regex(birth, pattern)).as_py() < most
    kana = pc.drop_null(store.table["フリガナ"])
    assert 0.5 < pc.mean(pc.match_substring_regex(kana, "[ｦ-ﾟ]")).as_py() < 0.8
    for column in ("郵便番号", "住所", "電話番号"):
        wide = pc.match_substring_regex(pc.drop_null(store.table[column]), "[０-９]")
        assert 0.02 < pc.mean(wide).as_py() < 0.3
    lost = 0
    for file in (store, web):
        for column in ("郵便番号", "電話番号"):
            values = pc.drop_null(file.table[column])
            zero = pc.match_substring_regex(values, r"^[1-9]\d{5}$|^[1-9]\d{8,9}$")
            lost += pc.sum(zero).as_py()
    assert lost > 30
    names = pc.drop_null(store.table["氏名"]).to_pylist()
    assert any("髙" in name for name in names)
    assert any("高" in name for name in names)
    assert any(name.endswith("様") for name in names)
    assert sum(map(was_utf8, names)) == 2


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("japanese", ("郵便番号", "生年月日")),
        ("japanese", ("電話番号",)),
        ("english", ("First Name", "Last Name", "Date of Birth")),
        ("english", ("Email",)),
    ],
)
def test_equal_cells_find_few_of_the_pairs(kind, columns):
    """What a spreadsheet's "remove duplicates" would find."""
    data = generate(ROWS, 11, kind)
    person = data.truth["person"].to_pylist()
    rows = []
    for file in data.of("customers"):
        read = [file.table[column].to_pylist() for column in columns]
        rows.extend(zip(*read, strict=True))
    groups = defaultdict(list)
    for who, row in zip(person, rows, strict=True):
        if row and all(row):
            groups[row].append(who)
    found = wrong = 0
    for members in groups.values():
        pairs = len(members) * (len(members) - 1) // 2
        right = sum(count * (count - 1) // 2 for count in Counter(members).values())
        found, wrong = found + right, wrong + pairs - right
    every = sum(count * (count - 1) // 2 for count in Counter(person).values())
    assert 0 < found / every < 0.6
    assert 2 * found / (every + found + wrong) < 0.7


def test_households_are_hard():
    """Strangers share family name and street, twins the birth date as well."""
    truth = generate(20_000, 2, "english")
    (crm,) = truth.of("customers")
    frame = crm.table.select(["Last Name", "Street", "Date of Birth"]).to_pandas()
    frame["person"] = truth.truth["person"].to_numpy()
    frame["household"] = truth.truth["household"].to_numpy()
    alike = frame.dropna().merge(frame.dropna(), on=["Last Name", "Street", "household"])
    strangers = alike[alike.person_x < alike.person_y]
    assert len(strangers) > 300
    assert (strangers["Date of Birth_x"] == strangers["Date of Birth_y"]).sum() > 0


def test_orders_add_up(data):
    (orders,) = data.of("orders")
    frame = orders.table.to_pandas()
    frame.columns = [
        "order", "line", "date", "customer", "code", "product", "category", "quantity", "price",
        "discount", "amount", "channel", "campaign", "status",
    ]  # fmt: skip
    for column in ("quantity", "price", "discount", "amount"):
        frame[column] = frame[column].astype(float)
    assert (frame.quantity * frame.price - frame.discount - frame.amount).abs().max() < 1e-6
    assert not frame.duplicated(["order", "line"]).any()
    one = frame.groupby("order")[["customer", "date", "channel", "status"]].nunique(dropna=False)
    assert (one == 1).all(axis=None)
    known = {cell for file in data.of("customers") for cell in file.table.column(0).to_pylist()}
    customers = frame.customer[frame.customer != ""]
    assert set(customers) <= known
    assert 0.03 < (frame.customer == "").mean() < 0.09
    assert 0.003 < (frame.status != "").mean() < 0.04
    assert 0.005 < (frame.quantity < 0).mean() < 0.03
    counts = frame[frame.customer != ""].groupby("customer")["order"].nunique()
    assert 0.3 < (counts == 1).mean() < 0.65
    assert counts.max() > 15


def test_the_most_orders_come_before_the_holidays():
    (orders,) = generate(20_000, 2, "english").of("orders")
    month = pc.utf8_slice_codeunits(orders.table["Order Date"], 5, 7).to_pylist()
    counts = Counter(month)
    assert counts["12"] > 1.1 * counts["08"]
