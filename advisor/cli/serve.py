"""`advisor serve`: the session, the answer and the report in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from advisor.cli.common import RulesOption, TodayOption, examples
from advisor.cli.failures import Refused
from advisor.cli.packs import packs_in, rules_folder

EXAMPLES: Final = examples(
    "advisor serve",
    "advisor serve --port 9000 --rules my-pack",
    "advisor serve --host 0.0.0.0 --database postgresql://advisor@db/advisor --keep-days 30",
)
DATABASE: Final = "sqlite:///advisor-sessions.db"


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="The port.")] = 8000,
    rules: RulesOption = None,
    database: Annotated[
        str, typer.Option("--database", metavar="URL", help="Where sessions are kept: SQLite or PostgreSQL.")
    ] = DATABASE,
    keep_days: Annotated[
        int, typer.Option("--keep-days", metavar="DAYS", min=1, max=3650, help="Delete what was unused for so long.")
    ] = 90,
    patience: Annotated[
        float, typer.Option("--patience", metavar="SECONDS", min=0.1, max=300, help="End a search after so long.")
    ] = 8.0,
    rate: Annotated[
        int, typer.Option("--rate", metavar="NUMBER", min=0, help="Requests a minute from one address; 0 for any.")
    ] = 600,
    workers: Annotated[
        int, typer.Option("--workers", metavar="NUMBER", min=1, max=64, help="Processes that reason.")
    ] = 2,
    open_sessions: Annotated[
        int,
        typer.Option("--open", metavar="NUMBER", min=1, help="Sessions each process keeps at hand, up to 1 MB each."),
    ] = 500,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Take the visitor's address from what a proxy says.")
    ] = False,
    today: TodayOption = None,
) -> None:
    """Serve the session and the advice as web pages, and the same over HTTP for programs."""
    try:
        from advisor.web.server import CannotListen, run
        from advisor.web.store import CannotBeKept
    except ModuleNotFoundError as missing:
        raise Refused(
            f"`advisor serve` needs the extra `web` ({missing.name} is missing): pip install 'decision-advisor[web]'"
        ) from None
    from advisor.web.settings import Settings

    packs: dict[str, Path] = {name: folder.resolve() for name, folder in packs_in(rules_folder(rules)).items()}
    settings = Settings(
        packs=packs,
        database=database,
        today=today,
        patience=patience,
        keep_days=keep_days,
        rate=rate,
        workers=workers,
        open_sittings=open_sessions,
    )
    try:
        run(settings, host, port, behind_proxy=behind_proxy)
    except (CannotBeKept, CannotListen) as error:
        raise Refused(str(error)) from None
