"""An impact for people: text for a terminal, Markdown for a pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from advisor.authoring.impact import ChangedCase, Difference, Impact, Shown
from advisor.values.wording import listing, plural, wrap

LONGEST: Final = 400
"""Characters of one saying that are shown."""


def summary(found: Impact, width: int) -> str:
    """The impact as text."""
    rows = [f"{found.pack}: {found.old} -> {found.new}", _counted(found)]
    for one in found.changed:
        rows += ["", f"{one.address}: {one.sentence}", *([f"  {one.unread}"] if one.unread else [])]
        rows += [row for each in one.differences for row in _difference(each, width)]
    for shown in found.edits:
        rows += ["", f"{shown.edit.place}: {shown.edit.called}: {shown.edit.how}"]
        if shown.witness is None:
            rows.append(f"  {_not_found(shown)}")
        else:
            rows += ["  the smallest case found on which it shows:", *_indented(shown.witness.text, 4)]
            rows += [row for each in shown.witness.differences for row in _difference(each, width)]
    return "\n".join(rows)


def _counted(found: Impact) -> str:
    if found.nothing:
        return f"{plural(found.cases, 'worked case')}: nothing differs, and no part of the pack does"
    parts = Counter(part for one in found.changed for part in {each.part for each in one.differences})
    what = listing([f"{words} of {parts[part]}" for part, words in _PARTS.items() if parts[part]])
    cases = f"{len(found.changed)} of {plural(found.cases, 'worked case')} come out otherwise"
    return f"{plural(len(found.edits), 'edit')}; {cases}{f': {what}' if what else ''}"


_PARTS: Final = {
    "answer": "answers",
    "recommendation": "recommendations",
    "words": "words of advice",
    "finding": "findings",
    "figure": "figures",
    "question": "questions",
}


def _not_found(shown: Shown) -> str:
    if not shown.tried:
        return "no case could be made up on which it might show"
    return f"no case on which it shows was found within {plural(shown.tried, 'made-up case')}"


def _difference(one: Difference, width: int) -> Iterator[str]:
    yield f"  {one.part} {one.key}"
    for sign, said in (("-", one.before), ("+", one.after)):
        if said:
            first, *others = wrap(_cut(said), width - 4, first="") or [""]
            yield f"  {sign} {first}"
            yield from (f"    {row.strip()}" for row in others)


def _cut(said: str) -> str:
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()} ..."


def _indented(text: str, by: int) -> Iterable[str]:
    return (" " * by + line for line in text.splitlines())


# --- Markdown -------------------------------------------------------------------------------------------------------


def markdown(found: Impact) -> str:
    """The impact for a pull request: a summary, then each case and edit folded away."""
    rows = [f"### What this does to advice: {_plain(found.pack)}", "", f"{_plain(_counted(found))}.", ""]
    for one in found.changed:
        rows += [*_folded(f"<code>{_plain(one.address)}</code> {_plain(one.sentence)}", _case(one)), ""]
    for shown in found.edits:
        title = f"{shown.edit.called}: {shown.edit.how}"
        rows += [*_folded(f"<b>{_plain(title)}</b> <code>{_plain(str(shown.edit.place))}</code>", _edit(shown)), ""]
    return "\n".join(rows).rstrip()


def _folded(title: str, body: Iterable[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *body, "", "</details>"]


def _case(one: ChangedCase) -> Iterator[str]:
    if one.unread:
        yield _plain(one.unread)
    yield from _table(one.differences)


def _edit(shown: Shown) -> Iterator[str]:
    if shown.witness is None:
        yield _plain(_not_found(shown))
        return
    yield "The smallest case found on which it shows:"
    yield from ("", "```yaml", shown.witness.text.replace("```", "` ` `"), "```", "")
    yield from _table(shown.witness.differences)


def _table(differences: Iterable[Difference]) -> Iterator[str]:
    rows = [f"| {one.part} `{_cell(one.key)}` | {_cell(one.before)} | {_cell(one.after)} |" for one in differences]
    if rows:
        yield from ("| | before | after |", "|---|---|---|", *rows)


def _cell(said: str) -> str:
    return _plain(_cut(said)).replace("|", "\\|") or "–"


def _plain(text: str) -> str:
    """A text in which nothing is markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(escaped.split())
