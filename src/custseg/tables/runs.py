"""A run folder: complete with its manifest, or absent."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Final, Self

import pyarrow as pa

from custseg.errors import InputError, UsageError
from custseg.tables.encode import Unwritable
from custseg.tables.files import (
    SET_ASIDE,
    Staging,
    private_file,
    private_folder,
    staging_name,
    stale_folders,
    sync_folder,
    writing,
)
from custseg.tables.manifest import MANIFEST, Manifest, OutputRecord, read_manifest
from custseg.tables.model import Format
from custseg.tables.workbook import write_workbook
from custseg.tables.write import write_parts, write_table

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


class RunFolder:
    """Builds a run folder beside `target` and puts it in place in one step.

    Use as a context manager; without :meth:`publish`, nothing remains. An older run is
    replaced only with `force`, and stays untouched until the new one is complete.

    Parameters
    ----------
    target
        Folder to make. May exist where it is empty, or is an older run and `force` is set.
    force
        Whether an older run may be replaced. A folder that is no run never is.

    Raises
    ------
    UsageError
        If the target cannot be used; on entering, before any work is done.
    InputError, LimitError
        If the folder cannot be written to, or the disk is full.
    """

    def __init__(self, target: Path, *, force: bool = False) -> None:
        self._given = target
        self._target = target.resolve()
        self._force = force
        self._outputs: list[OutputRecord] = []
        self._staging = Staging(self._target)
        self._folder = self._staging.folder / "new"

    def __enter__(self) -> Self:
        with writing(self._given), ExitStack() as stack:
            if self._target.parent.is_dir():
                _recover(self._target)
            self._check_target()
            stack.enter_context(self._staging)
            private_folder(self._folder)
            stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._staging.__exit__(kind, error, trace)

    @property
    def scratch(self) -> Path:
        """A folder for what is needed only while the run is made; it goes away with the rest."""
        return self._staging.folder / "scratch"

    @property
    def outputs(self) -> tuple[OutputRecord, ...]:
        """The files written so far, by name: several may be written at a time."""
        return tuple(sorted(self._outputs, key=lambda output: output.name))

    def add_table(
        self,
        name: str,
        table: pa.Table,
        format: Format = "csv",  # noqa: A002
        encoding: str = "utf-8",
        *,
        header: bool = True,
        for_people: bool = False,
    ) -> tuple[Unwritable, ...]:
        """Write a table as NAME.FORMAT; give what the encoding cannot hold.

        `name` may begin with folders, as in ``"segments/champions"``; the other parameters are
        those of :func:`custseg.tables.write_table`.
        """
        with self._file(f"{name}.{format}") as file:
            lost = write_table(
                table,
                file,
                format=format,
                encoding=encoding,
                header=header,
                for_people=for_people,
            )
        self._wrote(f"{name}.{format}", table.num_rows)
        return lost

    def add_workbook(self, name: str, sheets: Mapping[str, pa.Table]) -> None:
        """Write tables as the sheets of NAME.xlsx, as `write_workbook` does."""
        with self._file(f"{name}.xlsx") as file:
            write_workbook(sheets, file)
        self._wrote(f"{name}.xlsx", sum(table.num_rows for table in sheets.values()))

    def add_parts(
        self,
        name: str,
        schema: pa.Schema,
        parts: Iterable[pa.Table],
        format: Format = "csv",  # noqa: A002
    ) -> int:
        """Write a table that is made part by part as NAME.FORMAT; give its rows."""
        with self._file(f"{name}.{format}") as file:
            rows = write_parts(schema, parts, file, format)
        self._wrote(f"{name}.{format}", rows)
        return rows

    def add_text(self, name: str, text: str) -> None:
        """Write a text file in UTF-8; `name` with its extension."""
        self.add_bytes(name, text.encode())

    def add_bytes(self, name: str, data: bytes) -> None:
        """Write a file; `name` with its extension."""
        with self._file(name) as file:
            file.write(data)
        self._wrote(name, None)

    def inside(self, name: str) -> Path:
        """Give where to build another run within this one; see :meth:`adopt`."""
        return self._folder / name

    def adopt(self, name: str) -> None:
        """Count the run that was built :meth:`inside` this one among its outputs."""
        manifest = self._folder / name / MANIFEST
        size = manifest.stat().st_size
        self._outputs.append(OutputRecord(name=f"{name}/{MANIFEST}", rows=None, bytes=size))

    def reuse(self, name: str, folder: Path) -> None:
        """Take a finished run into this one as it is, sharing its files on the disk."""
        with writing(self._given):
            shutil.copytree(folder, self.inside(name), copy_function=_link_or_copy)
        self.adopt(name)

    def publish(self, manifest: Manifest) -> None:
        """Write the manifest, with the outputs as they were written, and put all in place."""
        manifest = replace(manifest, outputs=self.outputs)
        with writing(self._given):
            with private_file(self._folder / MANIFEST) as file:
                file.write(manifest.to_json().encode())
            for folder, _, _ in os.walk(self._folder):
                sync_folder(Path(folder))
            self._check_target()
            if self._target.exists() and any(self._target.iterdir()):
                _replace_folder(self._folder, self._target, self._staging.folder / SET_ASIDE)
            else:
                if sys.platform == "win32" and self._target.exists():
                    self._target.rmdir()
                self._folder.rename(self._target)
            sync_folder(self._target.parent)

    @contextlib.contextmanager
    def _file(self, name: str) -> Iterator[BinaryIO]:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).is_absolute() or "\\" in name:
            raise UsageError("tables.output_name", name=name)
        path = self._folder.joinpath(*parts)
        with writing(self._given):
            private_folder(path.parent)
            with private_file(path) as file:
                yield file

    def _wrote(self, name: str, rows: int | None) -> None:
        size = self._folder.joinpath(*PurePosixPath(name).parts).stat().st_size
        self._outputs.append(OutputRecord(name=name, rows=rows, bytes=size))

    def _check_target(self) -> None:
        target = self._target
        if target == Path.cwd():
            raise UsageError("tables.target_is_here", path=str(self._given))
        if not target.exists():
            return
        if not target.is_dir():
            raise UsageError("tables.target_is_file", path=str(self._given))
        if not any(target.iterdir()):
            return
        if not self._force:
            raise UsageError("tables.target_exists", path=str(self._given))
        try:
            read_manifest(target)
        except InputError as error:
            if error.key == "tables.not_a_run":
                raise UsageError("tables.target_is_no_run", path=str(self._given)) from error


@contextlib.contextmanager
def replaced_run(target: Path) -> Iterator[Path]:
    """Make a finished run anew: give an empty folder, and put it in the run's place at the end.

    Whoever looks sees the one or the other whole. Where this ends with an error, the run stays.
    """
    with writing(target), Staging(target, command="forget") as staging:
        new = staging.folder / "new"
        private_folder(new)
        yield new
        for folder, _, _ in os.walk(new):
            sync_folder(Path(folder))
        _replace_folder(new, target, staging.folder / SET_ASIDE)
        sync_folder(target.parent)


def _link_or_copy(source: str, target: str) -> None:
    """Give a file a second name; copy it where the file system has no such thing."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def _replace_folder(new: Path, target: Path, aside: Path) -> None:
    """Put `new` in the place of `target`, in one step where the system has one."""
    exchange = _exchange()
    if exchange is not None and exchange(os.fsencode(new), os.fsencode(target)):
        return
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise


@functools.cache
def _exchange() -> Callable[[bytes, bytes], bool] | None:
    """Give Linux's call that swaps two paths at once; None where there is none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return None

    def swap(left: bytes, right: bytes) -> bool:
        return bool(call(_AT_FDCWD, left, _AT_FDCWD, right, _RENAME_EXCHANGE) == 0)

    return swap


def _recover(target: Path) -> None:
    """Put back a run that a dead process had set aside and not yet replaced."""
    for name, folder in stale_folders(target.parent):
        if name != staging_name(target) or not (folder / SET_ASIDE).exists():
            continue
        if not target.exists():
            (folder / SET_ASIDE).rename(target)
        shutil.rmtree(folder, ignore_errors=True)
