"""The least that a program with two commands can be: what a cold start is measured against."""

import typer

app = typer.Typer()


@app.command()
def one() -> None:
    """One."""


@app.command()
def two() -> None:
    """Two."""


if __name__ == "__main__":
    app()
