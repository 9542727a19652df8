"""The audit log: a changed byte is named by line, a cut tail is noticed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from custseg.privacy.audit import Head, entry, next_head, verify


def log(count: int) -> tuple[list[str], Head]:
    head, lines = Head(), []
    for number in range(count):
        line, head = entry(head, f"2026-01-{number + 1:02}", "forget", {"people": number}, "r")
        lines.append(line.rstrip("\n"))
    return lines, head


def test_a_log_as_it_was_written_is_sound() -> None:
    for count in range(5):
        lines, head = log(count)
        assert verify(lines, head).sound
        assert next_head(lines) == head


@given(st.integers(1, 6), st.data())
def test_a_changed_byte_is_named_by_line(count: int, data: st.DataObject) -> None:
    lines, head = log(count)
    number = data.draw(st.integers(0, count - 1))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    old = lines[number][place]
    new = data.draw(st.characters(codec="ascii", exclude_characters=old + "\n\r"))
    lines[number] = lines[number][:place] + new + lines[number][place + 1 :]
    found = verify(lines, head)
    assert not found.sound
    assert number + 1 in found.changed


@given(st.integers(1, 6), st.data())
def test_a_cut_tail_is_noticed(count: int, data: st.DataObject) -> None:
    lines, head = log(count)
    left = data.draw(st.integers(0, count - 1))
    found = verify(lines[:left], head)
    assert found.missing == count - left
    assert not found.sound


def test_a_line_taken_out_or_moved_is_noticed() -> None:
    lines, head = log(4)
    assert not verify([lines[0], *lines[2:]], head).sound
    assert not verify([lines[1], lines[0], *lines[2:]], head).sound
    rewritten, forged = log(3)
    assert not verify(rewritten, head).sound
    assert not verify(lines, forged).changed


def test_a_run_that_died_before_the_head_was_written_is_no_forgery() -> None:
    lines, _ = log(4)
    _, before = log(3)
    assert verify(lines, before).sound
