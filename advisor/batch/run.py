"""A run over files of cases: chunk by chunk, each kept when it is done, so that a killed run goes on where it was.

In: a `Job`. Out: a file of advice and one of errors. Until the last chunk is done, what came out so far stands in a
folder beside the output, with a manifest that says of which input, pack and program it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

import advisor
from advisor.batch.sinks import Sink, replacing
from advisor.batch.sources import Source, form_of
from advisor.columns.results import PROBLEMS, PROOF, PROOFS
from advisor.columns.table import TableAdvisor
from advisor.problems.problem import Place, Problems

CHUNK: Final = 500
"""Cases in a chunk."""
WIDE_CHUNK: Final = 65_536
"""The same where only conclusions are wanted, which are worked out by columns."""
ROW: Final = "row"
"""The column that numbers the rows of the input, from 1."""
_HASHED: Final = 1 << 20

Progress = Callable[[int], None]
"""Told how many more rows are done."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done: `source` is advised on by `advisor`. Other `inputs` or `settings` make it another job."""

    source: Source
    advisor: TableAdvisor
    inputs: Sequence[Path]
    output: Path
    errors: Path
    settings: dict[str, Any] = field(default_factory=dict)
    explain: frozenset[int] = frozenset()
    """Numbers of rows, from 1, of which the proofs are told."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run came to: rows by what became of them, and how many of them an earlier run had done."""

    good: int
    bad: int
    astray: int
    """Rows of other tables that belong to no case."""
    before: int


class Busy(Exception):
    """Another run writes the same output."""


def work_folder(output: Path) -> Path:
    """Where what came out so far stands."""
    return output.with_name(f"{output.name}.parts")


def run(
    job: Job,
    progress: Progress = lambda _: None,
    told: Callable[[str], None] = lambda _: None,
    *,
    cluster: str = "",
    workers: int | None = None,
) -> Done:
    """Does what is left to do, here or by so many `workers` of the Ray cluster at an address.

    `told` gets sentences for whoever looks on.

    Raises Problems for columns that are no facts or files that cannot be read, Busy, and OSError.
    """
    _check(job)
    folder = work_folder(job.output)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(f"{job.output}: another run is writing this; wait for it, or name another file") from None
        manifest = _manifest(job, folder, told)
        todo = _todo(job, folder, manifest, progress)

        def keep(number: int, found: pa.Table) -> None:
            keep_part(folder, number, number * manifest.chunk + 1, found)
            progress(len(found))

        if cluster:
            from advisor.batch.cluster import Cluster, Recipe  # noqa: PLC0415  only where there is a cluster

            with Cluster(cluster, Recipe.of(job.advisor), workers) as many:
                many.advise(todo, keep)
        else:
            for number, rows, explain in todo:
                keep(number, job.advisor.advise(rows, explain))
        done = _finish(job, folder, manifest)
        shutil.rmtree(folder)
    return done


def _check(job: Job) -> None:
    """Raises Problems for columns that are no facts, with the file and the number of the column; and for formats."""
    form_of(job.output)
    form_of(job.errors)
    try:
        job.advisor.schema(job.source.schema)
    except Problems as error:
        names = {f"column {name}": number for number, name in enumerate(job.source.schema.names, 1)}
        raise Problems(
            replace(one, place=Place(str(job.inputs[0]), 1, names.get(one.place.file.partition(".")[0], 1)))
            for one in error.problems
        ) from None


# --- the manifest -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Manifest:
    key: str
    clock: date
    chunk: int
    before: int = 0
    """Rows that an earlier run had done."""


def _manifest(job: Job, folder: Path, told: Callable[[str], None]) -> _Manifest:
    """That of the run that is to go on, else a new one."""
    key = _key(job)
    path = folder / "manifest.json"
    known = _read(path)
    if known is not None and known.key == key:
        job.advisor.clock = known.clock
        return known
    if any(folder.glob("part-*")):
        told(f"{folder}: what is there is of other cases, rules or options; beginning anew")
        for part in folder.glob("part-*"):
            part.unlink()
    chunk = WIDE_CHUNK if job.advisor.results.parts == ["conclusions"] else CHUNK
    made = _Manifest(key, job.advisor.clock, chunk)
    with replacing(path) as beside:
        beside.write_text(json.dumps({"key": made.key, "clock": made.clock.isoformat(), "chunk": made.chunk}))
    return made


def _read(path: Path) -> _Manifest | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return _Manifest(data["key"], date.fromisoformat(data["clock"]), data["chunk"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _key(job: Job) -> str:
    """The same only for the same content of the same files, pack, program and options."""
    settings = [
        advisor.__version__,
        job.advisor.pack.data.digest,
        [str(job.advisor.today), str(job.advisor.as_of), job.advisor.results.parts, list(job.advisor.keep)],
        sorted(job.explain),
        job.settings,
        [[str(path), _digest(path)] for path in job.inputs],
    ]
    return hashlib.blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=16).hexdigest()


def _digest(path: Path) -> str:
    found = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(_HASHED):
            found.update(block)
    return found.hexdigest()


# --- chunks -------------------------------------------------------------------------------------------------------


def part(folder: Path, number: int) -> Path:
    """Where what came out of a chunk stands."""
    return folder / f"part-{number:08}.arrow"


def chunks(source: Source, size: int, skip: Callable[[int], bool]) -> Iterator[tuple[int, pa.Table | int]]:
    """The rows in chunks of one size, numbered; of those that are skipped only how many rows they have."""
    number, held, rows = 0, [], 0
    while skip(number):
        yield number, size
        number += 1
    for piece in source.pieces(number * size):
        at = 0
        while at < len(piece):
            taken = piece.slice(at, size - rows)
            held.append(taken)
            rows += len(taken)
            at += len(taken)
            if rows == size:
                yield number, rows if skip(number) else pa.concat_tables(held)
                number, held, rows = number + 1, [], 0
    if rows:
        yield number, rows if skip(number) else pa.concat_tables(held)


def _todo(
    job: Job, folder: Path, manifest: _Manifest, progress: Progress
) -> Iterator[tuple[int, pa.Table, tuple[int, ...]]]:
    """The chunks that are left, each with the rows of it, counted from 0, of which the proofs are told."""
    for number, rows in chunks(job.source, manifest.chunk, lambda number: part(folder, number).exists()):
        if isinstance(rows, int):
            manifest.before += rows
            progress(rows)
            continue
        first = number * manifest.chunk + 1
        yield number, rows, tuple(one - first for one in job.explain if first <= one < first + len(rows))


def keep_part(folder: Path, number: int, first: int, found: pa.Table) -> None:
    """Keeps what came out of a chunk, all of it or nothing; `first`: the number of its first row."""
    rows = pa.array(range(first, first + len(found)), pa.int64())
    numbered = found.add_column(0, ROW, rows)
    with replacing(part(folder, number)) as beside, ipc.new_stream(beside, numbered.schema) as file:
        file.write_table(numbered)


# --- the end ------------------------------------------------------------------------------------------------------


def _finish(job: Job, folder: Path, manifest: _Manifest) -> Done:
    """Puts all chunks into the output, and apart from them what was wrong with rows."""
    good = bad = 0
    schema = job.advisor.schema(job.source.schema)
    schema = pa.schema([pa.field(ROW, pa.int64()), *(one for one in schema if one.name != PROBLEMS)])
    explained = [pa.field(PROOFS, pa.list_(PROOF))] if job.explain else []
    with (
        Sink(job.errors, _errors_schema(schema)) as errors,
        Sink(job.output, pa.schema([*schema, *explained])) as output,
    ):
        for path in sorted(folder.glob("part-*.arrow")):
            with ipc.open_stream(path) as file:
                table = file.read_all()
            if job.explain and PROOFS not in table.schema.names:
                table = table.append_column(explained[0], pa.nulls(len(table), explained[0].type))
            fine = pc.equal(pc.list_value_length(table[PROBLEMS]), 0)
            output.write(table.filter(fine).drop_columns([PROBLEMS]))
            wrong = table.filter(pc.invert(fine))
            good += len(table) - len(wrong)
            bad += len(wrong)
            if len(wrong):
                errors.write(_errors(wrong))
        astray = job.source.astray()
        if astray:
            errors.write(
                pa.Table.from_pylist([dict.fromkeys(errors.schema.names) | one for one in astray], errors.schema)
            )
    return Done(good, bad, len(astray), manifest.before)


def _errors_schema(schema: pa.Schema) -> pa.Schema:
    own = [schema.field(ROW), *([schema.field("id")] if "id" in schema.names else [])]
    return pa.schema([*own, *((name, pa.string()) for name in ("place", "kind", "problem", "mend"))])


def _errors(wrong: pa.Table) -> pa.Table:
    """A row for each problem."""
    listed = wrong[PROBLEMS].combine_chunks()
    owners = pc.list_parent_indices(listed)
    problems = listed.flatten()
    names = [name for name in (ROW, "id") if name in wrong.schema.names]
    columns = {name: wrong[name].take(owners) for name in names}
    return pa.table(columns | {one.name: problems.field(one.name) for one in problems.type})
