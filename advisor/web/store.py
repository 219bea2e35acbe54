"""Where sessions are kept: a table in SQLite or PostgreSQL, found by an unguessable token of which only a hash is kept.

In: tokens, texts. Out: rows. Nothing here knows what the texts mean.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    select,
)
from sqlalchemy import delete as delete_from
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_of
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

MIGRATIONS: Final = Path(__file__).parent / "migrations"
TOKEN_BYTES: Final = 24
"""Of chance in an address: 192 bits, 32 letters."""
WRITTEN_AS: Final = "its address is written as sqlite:///FILE or postgresql://USER@HOST/NAME"
_TOUCHED: Final = timedelta(hours=12)
"""So old a note of the last use may be before it is written anew."""

METADATA: Final = MetaData()
SESSIONS: Final = Table(
    "sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("pack", String(200), nullable=False),
    Column("case_text", Text, nullable=False),
    Column("memory", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True), nullable=False, index=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A session as it is kept. `version` grows by one with each change."""

    pack: str
    text: str
    memory: str
    version: int


class CannotBeKept(Exception):
    """The database cannot be opened; the message says why."""


class Store:
    """The sessions in a database."""

    def __init__(self, url: str) -> None:
        """Opens the database and brings its tables to the form of this version. Raises CannotBeKept."""
        try:
            self._open(url)
        except (SQLAlchemyError, CommandError, ImportError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise CannotBeKept(f"the database cannot be opened: {reason}; {WRITTEN_AS}") from None

    def _open(self, url: str) -> None:
        found = make_url(url)
        if found.drivername in ("postgres", "postgresql"):
            found = found.set(drivername="postgresql+psycopg")
        self._lite = lite = found.get_backend_name() == "sqlite"
        options: dict[str, Any] = {} if lite else {"pool_size": 10, "max_overflow": 30, "pool_pre_ping": True}
        self._engine = create_engine(found, **options)
        if lite:
            event.listen(self._engine, "connect", _prepare_sqlite)
        _migrate(self._engine)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def is_well(self) -> bool:
        """Whether the database answers. Raises what the driver raises where it does not."""
        with self._engine.connect() as connection:
            return connection.execute(select(1)).scalar() == 1

    # --- sessions ----------------------------------------------------------------------------------------------------

    def add(self, pack: str, text: str, memory: str) -> str:
        """Keeps a new session; its token, which is kept nowhere."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = datetime.now(UTC)
        row = {
            "token_hash": _hashed(token),
            "pack": pack,
            "case_text": text,
            "memory": memory,
            "version": 1,
            "created_at": now,
            "used_at": now,
        }
        with self._transaction() as connection:
            connection.execute(insert_into(SESSIONS).values(row))
        return token

    def find(self, token: str) -> Kept | None:
        """The session of a token; None where there is none (any more)."""
        hashed, now = _hashed(token), datetime.now(UTC)
        columns = (SESSIONS.c.pack, SESSIONS.c.case_text, SESSIONS.c.memory, SESSIONS.c.version, SESSIONS.c.used_at)
        with self._engine.connect() as connection:
            row = connection.execute(select(*columns).where(SESSIONS.c.token_hash == hashed)).first()
        if row is None:
            return None
        used = row.used_at if row.used_at.tzinfo else row.used_at.replace(tzinfo=UTC)
        if now - used > _TOUCHED:
            with self._transaction() as connection:
                connection.execute(update_of(SESSIONS).where(SESSIONS.c.token_hash == hashed).values(used_at=now))
        return Kept(pack=row.pack, text=row.case_text, memory=row.memory, version=row.version)

    def change(self, token: str, version: int, text: str, memory: str) -> bool:
        """Keeps a session as it is now; False, and nothing done, where it is no longer of that version."""
        changed = (
            update_of(SESSIONS)
            .where(SESSIONS.c.token_hash == _hashed(token), SESSIONS.c.version == version)
            .values(case_text=text, memory=memory, version=version + 1, used_at=datetime.now(UTC))
        )
        with self._transaction() as connection:
            return connection.execute(changed).rowcount == 1

    def delete(self, token: str) -> bool:
        """Deletes a session for good; whether there was one."""
        with self._transaction() as connection:
            found = connection.execute(delete_from(SESSIONS).where(SESSIONS.c.token_hash == _hashed(token)))
        self._forget()
        return found.rowcount == 1

    def _forget(self) -> None:
        """Has SQLite overwrite its journal too, in which deleted rows would stand a while longer."""
        if self._lite:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def expire(self, unused_for: timedelta) -> int:
        """Deletes the sessions that were not used for so long; how many these were."""
        with self._transaction() as connection:
            old = SESSIONS.c.used_at < datetime.now(UTC) - unused_for
            count = connection.execute(delete_from(SESSIONS).where(old)).rowcount
        if count:
            self._forget()
        return count


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's connection
    """Readers beside a writer; on disk before a change counts as done; deleted rows are overwritten."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(engine: Any) -> None:  # noqa: ANN401 - the library's engine
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
