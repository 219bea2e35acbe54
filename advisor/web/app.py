"""The server: addresses, and what is done at each. It reads requests, hands jobs to workers, keeps what they give."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Final

from anyio import CancelScope, create_task_group, sleep, to_thread
from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from advisor.cases.source import only_case
from advisor.files.yaml import read_text
from advisor.problems.problem import Problems
from advisor.web import api
from advisor.web.desk import Result, Visit
from advisor.web.figures import Figures
from advisor.web.guard import Guard
from advisor.web.interface import ROOT
from advisor.web.settings import Settings
from advisor.web.site import Site, site_of
from advisor.web.store import Kept, Store
from advisor.web.watch import Watch
from advisor.web.workers import Done, Missing, TookTooLong

TRIES: Final = 4
"""So often a change is made anew where another window was faster."""
HOUR: Final = 3600
SEARCHED: Final = ("answer", "try")
"""Pages that may take long."""
FOR_FILES: Final = 30.0
"""Seconds that a file may take."""
QUICK_FILES: Final = ("case.yaml", "deadlines.ics", "advice.md", "advice.txt")
"""Files that are made without a search."""


# --- pages that belong to no session ----------------------------------------------------------------------------------


def front(request: Request) -> Response:
    """The packs to choose from."""
    site = site_of(request)
    found = site.packs()
    return site.plain("front.html", {"packs": found["packs"], "broken": sorted(found["broken"]), "errors": []})


def begin(request: Request) -> Response:
    """Begins a session on a pack."""
    site = site_of(request)
    pack = request.path_params["pack"]
    done = site.workers.quick("begin", pack=pack)
    return _begun(site, pack, done.result)


def _begun(site: Site, pack: str, result: Result) -> Response:
    site.store.expire(timedelta(days=site.settings.keep_days))
    token = site.store.add(pack, result.text or "", result.memory or "")
    return RedirectResponse(f"/s/{token}/{result.go}", 303)


async def bring(request: Request) -> Response:
    """Goes on with a case file that a person has."""
    async with request.form(max_files=1, max_fields=10) as form:
        sent = form.get("case")
        data = await sent.read() if isinstance(sent, UploadFile) else b""
        pack = str(form.get("pack", ""))
    return await to_thread.run_sync(_brought, site_of(request), data, pack)


def _brought(site: Site, data: bytes, chosen: str) -> Response:
    try:
        text = data.decode("utf-8-sig")
        if not text.strip():
            return site.trouble(422, "No file came with it. Choose the case file, then press the button again.")
        pack = chosen or only_case(read_text(text, "your file"), "your file").text_at("pack")
    except UnicodeDecodeError:
        return site.trouble(422, "This is not a case file: it is not text.")
    except Problems as problems:
        return site.trouble(422, "This file cannot be read as a case.", problems.problems)
    known = [one["id"] for one in site.packs()["packs"]]
    if pack not in known and len(known) == 1:
        pack = known[0]
    try:
        return _begun(site, pack, site.workers.quick("bring", pack=pack, text=text).result)
    except Problems as problems:
        return site.trouble(422, "This file cannot be read as a case.", problems.problems)


# --- pages of a session -----------------------------------------------------------------------------------------------


def _kept(request: Request) -> tuple[str, Kept]:
    token = request.path_params["token"]
    kept = site_of(request).store.find(token)
    if kept is None:
        raise HTTPException(404, "There is no such session. It was deleted, or the address is not whole.")
    return token, kept


def _visit(request: Request, token: str, kept: Kept, form: Mapping[str, list[str]]) -> Visit:
    address = request.path_params.get("address", "")
    here = site_of(request).here(f"/s/{token}", address, kept.pack)
    return Visit(pack=kept.pack, text=kept.text, memory=kept.memory, address=address, form=form, here=here)


def show(request: Request) -> Response:
    """A page of a session."""
    site = site_of(request)
    token, kept = _kept(request)
    visit = _visit(request, token, kept, _several(request.query_params.multi_items()))
    if visit.here["page"] in SEARCHED:
        done = site.workers.searched("show", visit=visit)
    else:
        done = site.workers.quick("show", token, visit=visit)
    return _answer(token, done)


def _answer(token: str, done: Done) -> Response:
    if done.result.go is not None:
        return RedirectResponse(f"/s/{token}/{done.result.go}", 303)
    return HTMLResponse(done.result.html, done.result.status)


async def take(request: Request) -> Response:
    """What a form of a session sent; it is kept before the next page shows."""
    async with request.form(max_files=0, max_fields=1000) as form:
        sent = _several(_texts(form))
    return await to_thread.run_sync(_taken, request, sent)


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(name, value.replace("\0", "")) for name, value in form.multi_items() if isinstance(value, str)]


def _several(items: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in items:
        found.setdefault(name, []).append(value)
    return found


def _taken(request: Request, form: dict[str, list[str]]) -> Response:
    site = site_of(request)
    for _ in range(TRIES):
        token, kept = _kept(request)
        done = site.workers.quick("take", token, visit=_visit(request, token, kept, form))
        result = done.result
        if result.text is None or site.store.change(token, kept.version, result.text, result.memory or ""):
            return _answer(token, done)
    raise HTTPException(409, "Somebody else is changing these answers right now. Go back and try again.")


def understood(request: Request) -> Response:
    """How what is being typed would be understood, for the script."""
    token, kept = _kept(request)
    visit = _visit(request, token, kept, _several(request.query_params.multi_items()))
    return JSONResponse({"words": site_of(request).workers.quick("understood", token, visit=visit).result.data})


def download(request: Request) -> Response:
    """The advice or the answers as a file."""
    site = site_of(request)
    token, kept = _kept(request)
    visit = _visit(request, token, kept, {})
    done = site.workers.quick("download", token, visit=visit) if visit.address in QUICK_FILES else None
    done = done or site.workers.searched("download", FOR_FILES, visit=visit)
    file = done.result.data
    headers = {"content-disposition": f'attachment; filename="{visit.address}"'}
    if not done.complete:
        headers["x-incomplete"] = "it took too long; what was found by then is in it"
    return Response(file.data, media_type=file.media_type, headers=headers)


def delete(request: Request) -> Response:
    """Deletes a session for good."""
    site = site_of(request)
    site.store.delete(request.path_params["token"])
    return site.plain("deleted.html", {})


def session(request: Request) -> Response:
    """The address of a session alone leads to where it was left."""
    return RedirectResponse(f"/s/{request.path_params['token']}/next", 303)


# --- the rest ---------------------------------------------------------------------------------------------------------


def style(request: Request) -> Response:
    """The style sheet, of the pages at large or of a pack's."""
    site, pack = site_of(request), request.path_params.get("pack", "")
    if pack and pack not in {one["id"] for one in site.packs()["packs"]}:
        raise HTTPException(404, "There is no such style sheet.")
    return _asset(site.style(pack), "text/css")


def script(request: Request) -> Response:
    """The script, without which everything works too."""
    return _asset(site_of(request).script, "text/javascript")


def icon(request: Request) -> Response:
    """The small picture beside a page's title."""
    return _asset(site_of(request).icon, "image/svg+xml")


def _asset(text: str, media_type: str) -> Response:
    return Response(text, media_type=media_type, headers={"cache-control": "public, max-age=31536000, immutable"})


def well(request: Request) -> Response:
    """Whether the server and its database are well."""
    return JSONResponse({"status": "ok" if site_of(request).store.is_well() else "unwell"})


def metrics(request: Request) -> Response:
    """Figures for whoever runs the server."""
    figures: Figures = request.app.state.figures
    return Response(figures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


# --- what goes wrong --------------------------------------------------------------------------------------------------


def refused(request: Request, error: Exception) -> Response:
    """The page for what was refused on purpose."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(ROOT):
        return api.refusal(error.status_code, error.detail)
    message = error.detail if error.status_code not in (404, 405) or error.detail not in _BARE else _BARE[error.detail]
    return site_of(request).trouble(error.status_code, message)


_BARE: Final = {
    "Not Found": "There is no page at this address.",
    "Method Not Allowed": "This cannot be done at this address.",
}


def with_problems(request: Request, error: Exception) -> Response:
    """The page for a case or templates with mistakes."""
    assert isinstance(error, Problems)
    base = f"/s/{token}" if (token := request.path_params.get("token")) else ""
    return site_of(request).trouble(422, "This cannot be shown as it is.", error.problems, base)


def missing(request: Request, error: Exception) -> Response:
    """The page for a question that there is not (any more)."""
    assert isinstance(error, Missing)
    base = f"/s/{token}" if (token := request.path_params.get("token")) else ""
    message = "There is no page at this address. What it was about may have been removed."
    return site_of(request).trouble(404, message, base=base)


def too_long(request: Request, error: Exception) -> Response:
    """The page for a case that takes longer than anybody waits."""
    assert isinstance(error, TookTooLong)
    base = f"/s/{token}" if (token := request.path_params.get("token")) else ""
    message = "This case takes longer to work out than there is time for. Nothing is lost; fewer things in it help."
    return site_of(request).trouble(422, message, base=base)


def _refusal(request: Request, status: int, message: str) -> ASGIApp:
    """The short answer of the guard, which needs no worker."""
    if request.url.path.startswith(ROOT):
        return api.refusal(status, message)
    return Response(f"{message}\n", status, media_type="text/plain")


ROUTES: Final = [
    *api.ROUTES,
    Route("/", front),
    Route("/begin/{pack}", begin, methods=["POST"]),
    Route("/bring", bring, methods=["POST"]),
    Route("/style.css", style),
    Route("/style/{pack}.css", style),
    Route("/script.js", script),
    Route("/icon.svg", icon),
    Route("/healthz", well),
    Route("/metrics", metrics),
    Route("/s/{token}", session),
    Route("/s/{token}/delete", delete, methods=["POST"]),
    Route("/s/{token}/download/{address}", download),
    Route("/s/{token}/understood/{address:path}", understood),
    Route("/s/{token}/{address:path}", show),
    Route("/s/{token}/{address:path}", take, methods=["POST"]),
]


def application(settings: Settings) -> ASGIApp:
    """The whole server. Its processes begin with it, so that the first page need not wait. Raises CannotBeKept."""
    store, figures = Store(settings.database), Figures()

    @contextlib.asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        app.state.site = site = await to_thread.run_sync(Site, settings, store)
        app.state.figures = figures
        to_thread.current_default_thread_limiter().total_tokens = 100
        async with create_task_group() as tasks:
            tasks.start_soon(_expiring, site)
            try:
                yield
            finally:
                tasks.cancel_scope.cancel()
                with CancelScope(shield=True):
                    await to_thread.run_sync(site.close)

    pages = Starlette(
        routes=ROUTES,
        lifespan=running,
        middleware=[Middleware(Watch, figures=figures)],
        exception_handlers={
            HTTPException: refused,
            Problems: with_problems,
            Missing: missing,
            TookTooLong: too_long,
        },
    )
    return Guard(pages, refuse=_refusal, rate=settings.rate)


async def _expiring(site: Site) -> None:
    """Deletes what nobody has used for long, once an hour."""
    while True:
        await to_thread.run_sync(site.store.expire, timedelta(days=site.settings.keep_days))
        await sleep(HOUR)
