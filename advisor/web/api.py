"""The addresses for programs: JSON in, JSON out, problems as RFC 9457 describes them. Nothing that is sent is kept."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from advisor.problems.problem import Problem, Problems
from advisor.web.interface import FAILURES, OPERATIONS, ROOT, openapi
from advisor.web.site import Site, site_of
from advisor.web.workers import TookTooLong

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


def said(data: Any, status: int = 200, media_type: str = JSON) -> Response:  # noqa: ANN401 - whatever prints as JSON
    """Data as JSON."""
    return Response(json.dumps(data), status, media_type=media_type)


def refusal(status: int, detail: str, problems: list[Problem] | None = None) -> Response:
    """What went wrong, as data."""
    told: dict[str, Any] = {
        "type": f"/docs#status-{status}",
        "title": FAILURES.get(str(status), "This cannot be done"),
        "status": status,
        "detail": detail,
    }
    if problems is not None:
        told["problems"] = [one.to_dict() for one in problems]
    return said(told, status, PROBLEM)


def _known(site: Site, pack: str) -> None:
    if pack not in {one["id"] for one in site.packs()["packs"]}:
        raise HTTPException(404, f"There is no pack `{pack[:80]}` here.")


def packs(request: Request) -> Response:
    """The packs that are served."""
    names = ("id", "title", "question", "version")
    return said({"packs": [{name: one[name] for name in names} for one in site_of(request).packs()["packs"]]})


def pack(request: Request) -> Response:
    """A pack with its goals."""
    return _told_of(request, "described")


def schema(request: Request) -> Response:
    """The JSON Schema of a pack's cases."""
    return _told_of(request, "schema")


def _told_of(request: Request, job: str) -> Response:
    site, name = site_of(request), request.path_params["pack"]
    _known(site, name)
    return said(site.workers.quick(job, pack=name).result.data)


async def operation(request: Request) -> Response:
    """One of the operations on a case."""
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != JSON:
        raise HTTPException(415, f"Send it with the content type {JSON}.")
    sent = await request.body()
    return await to_thread.run_sync(_done, site_of(request), request, sent)


def _done(site: Site, request: Request, sent: bytes) -> Response:
    name = request.path_params["pack"]
    _known(site, name)
    try:
        body = json.loads(sent.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return refusal(400, "What was sent is not JSON, or nested too deeply.")
    wanted = request.url.path.rpartition("/")[2]
    try:
        done = site.workers.searched("operation", pack=name, wanted=wanted, body=body)
    except Problems as problems:
        return refusal(422, "What was sent does not fit.", problems.problems)
    except TookTooLong:
        return refusal(422, "This case takes longer to work out than there is time for.", [])
    given = done.result.data
    return said({"complete": done.complete, **given} if wanted == "advice" else given)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def description(request: Request) -> Response:
    """The description of all this, for programs."""
    del request
    return said(openapi())


def docs(request: Request) -> Response:
    """The description of all this, for people."""
    told = openapi()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": one["summary"],
            "takes": _fields(one),
            "gives": list(one["responses"]["200"]["content"][JSON]["schema"].get("properties", {})),
        }
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    ]
    failures = [{"status": int(status), "words": words} for status, words in FAILURES.items()]
    values = {"operations": operations, "failures": failures, "version": told["info"]["version"]}
    return site_of(request).plain("docs.html", values)


def _fields(one: dict[str, Any]) -> list[dict[str, Any]]:
    if "requestBody" not in one:
        return []
    shape = one["requestBody"]["content"][JSON]["schema"]
    return [
        {"name": name, "needed": name in shape["required"], "words": part.get("description", "")}
        for name, part in shape["properties"].items()
    ]


ROUTES: Final = [
    Route("/openapi.json", description),
    Route("/docs", docs),
    Route(f"{ROOT}/packs", packs),
    Route(f"{ROOT}/packs/{{pack}}", pack),
    Route(f"{ROOT}/packs/{{pack}}/schema", schema),
    *(Route(f"{ROOT}/packs/{{pack}}/{one.name}", operation, methods=["POST"]) for one in OPERATIONS),
]
