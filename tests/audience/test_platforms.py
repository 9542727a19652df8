"""Hashes that platforms publish, and what their rules make of one Japanese customer."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pytest

from custseg.audience.platforms.check import NOTHING, check_file
from custseg.audience.platforms.engine import platform_rows
from custseg.audience.platforms.model import read_platform
from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.jobs.platforms import find_platforms, known_platforms

HANAKO = {
    "customer_id": "C1",
    "email": " Hanako.Sato+News@Gmail.com ",
    "phone": "０９０−１２３４−５６７８",
    "family_name": "佐藤",
    "given_name": "花子",
    "postal_code": "160-0022",
    "gender": "女",
    "birth_date": "1985-07-03",
    "x_handle": "@AdsAPI",
}


def rows_of(name: str, **customer: str | None) -> dict[str, str]:
    columns = {**HANAKO, **customer}
    table = pa.table({key: pa.array([value], pa.string()) for key, value in columns.items()})
    with Engine(threads=1) as engine:
        made = platform_rows(find_platforms([name])[name], table, "JP", engine)
    return dict(made.table.to_pylist()[0]) if len(made.table) else {}


VECTORS = [
    ("meta", {"email": "mary@example.com"}, "email",
     "f1904cf1a9d73a55fa5de0ac823c4403ded71afd4c3248d00bdcd0866552bb79"),
    ("meta", {"phone": "+1 555-987-6543"}, "phone",
     "1ef970831d7963307784fa8688e8fce101a15685d62aa765fed23f3a2c576a4e"),
    ("meta", {"phone": "03-4405-7597"}, "phone",
     "574f12b7409ae74d10bebbcb5e79ce749d76c37d2590d689043c73d1a8e162d0"),
    ("tiktok", {"phone": "+37493828222"}, "Phone_SHA256",
     "65b7e6dcf6f4310f8d7cbfbd78289a753062fb054d6664fb9aaac5df66a422d4"),
    ("x", {}, "handle", "49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d"),
    ("google", {}, "Email", "996b3b1959b71cf266b7ce3eaf56c863829d98b44aadfb38129d953594e1e410"),
    ("google", {}, "Phone", "3d06a39d40790f11761295e053029378ae28c4b4f6f301693005e079f3d4ca64"),
    ("google", {}, "First Name",
     "ebaec6bca086d4bd01fb08ddcd4dd2674313d156445f9435cba5ce02a1422a40"),
    ("google", {}, "Last Name",
     "37585d0da5730cdd01ee132f596f9796990b1f92f4d387ed32fc4c588f435cb4"),
    ("meta", {}, "ln", "37585d0da5730cdd01ee132f596f9796990b1f92f4d387ed32fc4c588f435cb4"),
    *(
        (platform, {}, "email", "e31dd53cc3900e7b54c5e9287db383eedd07ee25def06f3a44e1708947ab3e4f")
        for platform in ("meta", "x", "yahoo", "criteo", "line")
    ),
    *(
        (platform, {}, column, "0ad07193350775c6d4377f8b039d32877e66c69a454ed886b05279771c0fca0b")
        for platform, column in (
            ("meta", "phone"), ("yahoo", "phone_number"), ("tiktok", "Phone_SHA256")
        )
    ),
    ("meta", {}, "gen", "252f10c8"),
    ("meta", {}, "doby", "78e370b5"),
    ("meta", {}, "dobm", "19b100ab"),
    ("meta", {}, "dobd", "0b8efa5a"),
    ("meta", {}, "country", "9732c83e"),
    ("tiktok", {}, "Email_SHA256",
     "892014cbdff01122b1db30f8235a557c13d5d7e0d07aa7ba97c82ced7fd47829"),
    ("google", {"email": "Hanako.Sato@example.co.jp"}, "Email",
     "78817213b66fc86dd47975fb95c79ef1ef31075ff5728d1d3d498e20ede1776d"),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "customer", "column", "expected"), VECTORS)
def test_vectors(platform: str, customer: dict[str, str], column: str, expected: str) -> None:
    found = rows_of(platform, **customer)[column]
    assert found.startswith(expected)
    assert len(found) == 64


def test_plain_columns_of_google_stay_plain() -> None:
    row = rows_of("google")
    assert (row["Country"], row["Zip"]) == ("JP", "160-0022")


def test_criteo_takes_md5_too() -> None:
    expected = hashlib.md5(b"hanako.sato+news@gmail.com").hexdigest()
    assert rows_of("criteo-md5")["email"] == expected


def test_nothing_is_never_hashed_and_a_hash_never_again() -> None:
    for name in known_platforms():
        empty = rows_of(name, **dict.fromkeys(HANAKO.keys() - {"email"}, ""))
        assert not NOTHING & set(empty.values())
    given = hashlib.sha256(b"mary@example.com").hexdigest()
    assert rows_of("meta", email=f" {given.upper()} ")["email"] == given


def test_a_raw_line_file_holds_no_plus_address() -> None:
    row = rows_of("line-raw")
    assert (row["email"], row["phone"]) == (None, "819012345678")
    assert rows_of("line-raw", email="a.b@example.com")["email"] == "a.b@example.com"


def test_crm_files_are_plain_with_iso_dates() -> None:
    assert rows_of("mailchimp") == {
        "Email Address": "hanako.sato+news@gmail.com",
        "First Name": "花子",
        "Last Name": "佐藤",
        "Phone Number": "+819012345678",
        "Birth Date": "1985-07-03",
    }


def test_values_that_cannot_be_written_are_rejected_by_reason() -> None:
    table = pa.table(
        {
            "customer_id": ["a", "b", "c", "d"],
            "email": ["x@example.com", "no address", "X@example.com", None],
            "phone": ["+819012345678", "12", "+819012345678", None],
        }
    )
    with Engine(threads=1) as engine:
        made = platform_rows(find_platforms(["yahoo"])["yahoo"], table, "JP", engine)
    assert made.customer_id.to_pylist() == ["a"]
    assert [tuple(row.values()) for row in made.rejects.to_pylist()] == [
        ("b", "email", "not_accepted"),
        ("b", "phone_number", "not_accepted"),
        ("b", "", "no_identifier"),
        ("d", "", "no_identifier"),
        ("c", "", "duplicate"),
    ]


HASH = hashlib.sha256(b"a").hexdigest()


def problems(data: bytes, name: str) -> dict[str, tuple[int, list[int]]]:
    checked = check_file(data, find_platforms([name])[name])
    return {each.reason: (each.count, each.lines) for each in checked.problems}


def yahoo_file(*cells: str, head: str = "email,phone_number") -> bytes:
    return "\n".join([head, *cells, *[f"{HASH},"] * 100, ""]).encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (yahoo_file(), {}),
        (b"\xef\xbb\xbf" + yahoo_file(), {"bom": (1, [])}),
        (yahoo_file("a@example.com,"), {"not_hashed": (1, [2])}),
        (yahoo_file(f"{HASH.upper()},"), {"hash_upper": (1, [2])}),
        (yahoo_file(f"'{HASH},"), {"prefixed": (1, [2])}),
        (yahoo_file(f"{HASH}"), {"columns_in_row": (1, [2])}),
        (yahoo_file(f"{sorted(NOTHING)[1]},{HASH}"), {"hash_of_nothing": (1, [2])}),
        (yahoo_file(","), {"no_identifier": (1, [2])}),
        (yahoo_file(head="phone_number,email"), {"header_order": (1, [1])}),
        (yahoo_file(head="email,tel"), {"unknown_column": (1, [1])}),
        (yahoo_file(head=f"{HASH},{HASH}"), {"no_header": (1, [1])}),
        (f"email,phone_number\n{HASH},\n".encode(), {"too_small": (1, [])}),
        ("メール\n".encode("cp932"), {"not_utf8": (1, [1])}),
    ],
)
def test_a_file_is_accepted_or_what_is_wrong_is_said_by_line(
    data: bytes, expected: dict[str, tuple[int, list[int]]]
) -> None:
    assert problems(data, "yahoo") == expected


def test_files_without_header() -> None:
    assert problems(f"{HASH}\n".encode() * 600, "criteo") == {}
    assert problems(b"email\n" + f"{HASH}\n".encode() * 600, "criteo") == {"not_hashed": (1, [1])}
    assert problems(b"819012345678\na@example.com\n", "line-raw") == {}
    assert problems(b"a+b@example.com\n", "line-raw") == {"form": (1, [1])}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("x", "audience.platform_toml"),
        ('channel = "ads"\n', "audience.platform_key"),
        ('channel = "tv"\n[[columns]]\nname="a"\nfrom="email"\nidentifier=true',
         "audience.platform_key"),
        ('channel = "ads"\nleast = "9"\n[[columns]]\nname="a"\nfrom="email"\nidentifier=true',
         "audience.platform_key"),
        ('channel = "ads"\n[[columns]]\nname="a"\nfrom="email"\nsteps=["rot13"]\nidentifier=true',
         "audience.platform_step"),
        ('channel = "ads"\n[[columns]]\nname="a"\nfrom="email"', "audience.platform_key"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_followed_are_refused(text: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_platform("mine", text)
    assert caught.value.key == key


def test_an_unknown_platform_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        find_platforms(["gogle"])
    assert caught.value.params["nearest"] == "google"
