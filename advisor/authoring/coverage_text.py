"""Coverage written for people: the gaps first as text, and every condition with its parts marked as a page.

In: `Coverage` values. Out: text, and HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Final

from advisor.authoring.coverage import Coverage, Covered, GivenAnswer, Tally
from advisor.language.printing import text
from advisor.language.tree import And, Condition, Not, Or
from advisor.values.wording import listing, plural, wrap

_STYLE: Final = """
:root { color-scheme: light dark; --full: #1b7f3b; --part: #9a6700; --none: #b3261e; --rule: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--rule); }
li, .site { margin: .4rem 0; }
.site { border-left: 4px solid var(--full); padding: .1rem .8rem; }
.site.gap { border-color: var(--none); }
.site code { font-size: 1rem; white-space: pre-wrap; }
.full { border-bottom: 2px solid var(--full); }
.part { border-bottom: 2px dashed var(--part); }
.none { border-bottom: 2px solid var(--none); background: #b3261e22; }
small { opacity: .75; }
"""


def summary(found: Coverage, width: int) -> str:
    """The gaps, then the figures."""
    sections = [
        ("Conditions that cases leave untried", list(_gaps(found.conditions, width))),
        ("Answers that no case is given", [_answer_line(one) for one in found.answers if not one.given]),
        ("Questions that no case answers", [f"  {one.place}: {one.question}" for one in found.unasked]),
        ("Sources that nothing cites", [f"  {found.pack.sources[one].place}: {one}" for one in found.uncited]),
    ]
    rows = [row for title, lines in sections if lines for row in (title, *lines, "")]
    return "\n".join([f"{found.pack.title} ({found.pack.id})", "", *rows, *(f"{line}" for line in _figures(found))])


def _gaps(conditions: Iterable[Covered], width: int) -> Iterator[str]:
    for one in conditions:
        if one.full:
            continue
        yield f"  {one.site.place}: {one.site.called}"
        for line in _lacks(one):
            yield from wrap(line, width, first=" " * 4)


def _lacks(one: Covered) -> Iterator[str]:
    """What the cases do not show of a condition, in sentences."""
    seen = sum((one.whole.true, one.whole.false, one.whole.unknown))
    if not seen:
        yield "no case has anything that it is about"
        return
    never = [word for word in ("true", "false") if word in one.whole.missing]
    if never:
        yield f"never {listing(never)}: {text(one.site.condition)}"
    for part in one.idle:
        never = [word for word in ("true", "false") if word in one.parts[part].missing]
        yield f"never decides{f', never {listing(never)}' if never else ''}: {text(part)}"


def _answer_line(one: GivenAnswer) -> str:
    possible = f", possible in {plural(one.possible, 'case')}" if one.possible else ""
    return f"  {one.place}: answer {one.number + 1} of {one.goal.id}{possible}"


def _figures(found: Coverage) -> Iterator[str]:
    full = sum(one.full for one in found.conditions)
    parts = [tally for one in found.conditions for tally in one.parts.values()]
    decide = sum(bool(tally.decided) for tally in parts)
    given = sum(bool(one.given) for one in found.answers)
    unknown = sum("unknown" not in one.whole.missing for one in found.conditions)
    yield plural(found.cases, "case")
    yield f"{full} of {plural(len(found.conditions), 'condition')} true and false, with every part deciding"
    yield f"{unknown} of {plural(len(found.conditions), 'condition')} unknown in some case"
    yield f"{decide} of {plural(len(parts), 'comparison')} decide in some case"
    yield f"{given} of {plural(len(found.answers), 'answer')} given in some case"


# --- the page -------------------------------------------------------------------------------------------------------


def page(several: Iterable[Coverage]) -> str:
    """Every condition with its parts marked, by file, as an HTML page that needs nothing else."""
    several = list(several)
    title = f"Coverage: {listing([one.pack.title for one in several])}"
    body = "\n".join(_pack(one) for one in several)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _pack(found: Coverage) -> str:
    rows = [f"<h1>{escape(found.pack.title)}</h1>"]
    rows += [f"<p>{escape('; '.join(_figures(found)))}.</p>"]
    rows.append(
        '<p>In the conditions, <span class="full">a comparison marked so</span> decides in some case; '
        '<span class="part">one marked so</span> never decides, though it was true and false; '
        '<span class="none">one marked so</span> was never true or never false. Point at one for its counts.</p>'
    )
    rows += _list("Answers that no case is given", [_answer_line(one) for one in found.answers if not one.given])
    rows += _list("Questions that no case answers", [f"{one.place}: {one.question}" for one in found.unasked])
    rows += _list("Sources that nothing cites", [f"{found.pack.sources[one].place}: {one}" for one in found.uncited])
    for file, group in groupby(sorted(found.conditions, key=_by_place), key=lambda one: one.site.place.file):
        rows += [f"<h2>{escape(file)}</h2>", *(_site(one) for one in group)]
    return "\n".join(rows)


def _by_place(one: Covered) -> tuple[str, int, int]:
    return one.site.place.file, one.site.place.line, one.site.place.column


def _list(title: str, lines: list[str]) -> list[str]:
    items = [f"<li>{escape(line.strip())}</li>" for line in lines]
    return [f"<h2>{title}</h2>", "<ul>", *items, "</ul>"] if lines else []


def _site(one: Covered) -> str:
    gap = "" if one.full else " gap"
    head = f"<strong>{escape(one.site.called)}</strong>"
    counts = f"<small>line {one.site.place.line} · {escape(_counts(one.whole))}</small>"
    return f'<div class="site{gap}">{head} {counts}<br><code>{_marked(one.site.condition, one)}</code></div>'


def _counts(tally: Tally) -> str:
    return f"true {tally.true}, false {tally.false}, unknown {tally.unknown}"


def _marked(condition: Condition, one: Covered) -> str:
    """A condition as HTML with its comparisons marked."""
    tally = one.parts.get(condition)
    if tally is not None:
        never = not tally.true or not tally.false
        how = "full" if tally.decided else "none" if never else "part"
        told = f"{_counts(tally)}; decides {tally.decided}"
        return f'<span class="{how}" title="{escape(told)}">{escape(text(condition))}</span>'
    match condition:
        case And(operands) | Or(operands):
            word = " and " if isinstance(condition, And) else " or "
            shown = (_marked(inner, one) for inner in operands)
            return word.join(f"({inner})" if "</span> " in inner else inner for inner in shown) or text(condition)
        case Not(operand):
            return f"not ({_marked(operand, one)})"
    return escape(text(condition))
