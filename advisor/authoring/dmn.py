"""Decision tables of DMN 1.1 and later to tables of a pack: what OMG's Decision Model and Notation calls by that name.

In: a DMN file. Out: for each decision table the rows of a table, and the facts that it reads and concludes. Of its
expression language FEEL the cells are understood that hold values, lists, ranges, comparisons, `not(...)` and `-`, and
sums and products as conclusions. What is not understood stays as it is written, and is named with its place.

After "Decision Model and Notation", OMG, version 1.3 (2021), chapters 8 and 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from advisor.authoring.table_facts import Wanted
from advisor.files.shapes import CODE, looks_like
from advisor.files.yaml import SourceText, decoded, read_bytes
from advisor.language.tokens import RESERVED
from advisor.problems.problem import Collected, Place, Problem, Problems

Rows = list[list[str]]
_HITS: Final = {"UNIQUE": "unique", "FIRST": "first", "ANY": "any", "COLLECT": "collect", "": "unique"}
_TYPES: Final = {"number": "number", "integer": "whole number", "long": "whole number", "double": "number",
                 "boolean": "yes/no", "date": "date", "string": "text"}  # fmt: skip
_MEAN_SOMETHING: Final = ("none", "known", "unknown", "not", "otherwise")
"""What a cell cannot say of a choice, since it means something already."""
MOST_ELEMENTS: Final = 100_000
DEEPEST: Final = 60


@dataclass
class Element:
    """An element of XML: its name without namespace, its attributes, its text, and where it begins."""

    name: str
    attributes: dict[str, str]
    line: int
    column: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """The elements of that name directly below."""
        return (one for one in self.children if one.name == name)

    def said(self, *path: str) -> str:
        """The text at the end of a path of names; empty where there is none."""
        at: Element | None = self
        for name in path:
            at = next(at.all(name), None) if at is not None else None
        return " ".join(at.text.split()) if at is not None else ""

    def inner(self, *path: str) -> Element:
        """The element at the end of a path; this one where there is none."""
        at = self
        for name in path:
            at = next(at.all(name), self)
        return at


@dataclass
class Imported:
    """What a DMN file holds: tables by name, the facts that they need, and what was not understood."""

    title: str
    tables: dict[str, Rows]
    facts: dict[str, Wanted]
    problems: list[Problem]


def read_dmn(path: Path) -> Imported:
    """The decision tables of a DMN file. Raises Problems where it is no DMN file, or an extra is missing."""
    root = _tree(path)
    if root.name != "definitions":
        message = f"this is not DMN: its root is `{root.name}`, not `definitions`"
        raise Problems([Problem(Place(str(path)), "bad-dmn", message, "is it the right file?")])
    reader = _Reader(path, root)
    reader.read()
    if not reader.tables:
        message = "there is no decision table in this file"
        raise Problems([*reader.problems, Problem(Place(str(path)), "bad-dmn", message, "is it the right file?")])
    title = root.attributes.get("name") or path.stem
    return Imported(title, reader.tables, reader.facts, reader.problems)


# --- XML ----------------------------------------------------------------------------------------------------------


def _tree(path: Path) -> Element:
    """The elements of an XML file. Entities and document types are refused."""
    data = read_bytes(path, str(path))
    place = Place(str(path))
    try:
        from defusedxml import DefusedXmlException, sax  # noqa: PLC0415 - an extra
    except ImportError as error:
        help_ = "install it with `pip install 'decision-advisor[sheets]'`"
        problem = Problem(place, "missing-extra", f"to read DMN files, `{error.name}` is needed", help_)
        raise Problems([problem]) from None
    from xml.sax import SAXException, handler  # noqa: PLC0415 - only what it calls back; defusedxml parses

    class Builder(handler.ContentHandler):
        def __init__(self) -> None:
            super().__init__()
            self.stack: list[Element] = []
            self.root: Element | None = None
            self.locator: Any = None
            self.count = 0

        def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802, ANN401 - SAX calls it so
            self.locator = locator

        def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802, ANN401 - the same
            line, column = self.locator.getLineNumber(), self.locator.getColumnNumber() + 1
            made = Element(name.rpartition(":")[2], dict(attrs.items()), line, column)
            self.count += 1
            if self.count > MOST_ELEMENTS or len(self.stack) > DEEPEST:
                raise SAXException("there is too much in it")
            if self.stack:
                self.stack[-1].children.append(made)
            self.root = self.root or made
            self.stack.append(made)

        def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - the same
            self.stack.pop()

        def characters(self, content: str) -> None:
            self.stack[-1].text += content

    builder = Builder()
    try:
        sax.parse(BytesIO(data), builder, forbid_dtd=True)
    except DefusedXmlException:
        raise Problems(
            [Problem(place, "bad-dmn", "this file declares a document type or entities", "delete them")]
        ) from None
    except SAXException as error:
        line = getattr(error, "getLineNumber", lambda: 1)() or 1
        column = (getattr(error, "getColumnNumber", lambda: 0)() or 0) + 1
        what = getattr(error, "getMessage", lambda: "it breaks off")()
        row = SourceText(str(path), decoded(data, str(path))).line(line - 1)
        problem = Problem(Place(str(path), line, column), "bad-dmn", f"this is not XML: {what}", "save it again", row)
        raise Problems([problem]) from None
    assert builder.root is not None
    return builder.root


# --- tables -------------------------------------------------------------------------------------------------------


class _Reader:
    def __init__(self, path: Path, root: Element) -> None:
        self.path = path
        self.root = root
        self.source = SourceText(str(path), decoded(read_bytes(path, str(path)), str(path)))
        self.problems: list[Problem] = Collected()
        self.tables: dict[str, Rows] = {}
        self.facts: dict[str, Wanted] = {}
        self.names: dict[str, str] = {}
        """How FEEL calls a fact, and its name here."""

    def read(self) -> None:
        for data in self.root.all("inputData"):
            self._fact(data.attributes.get("name", ""), next(data.all("variable"), data).attributes.get("typeRef", ""))
        decisions = list(self.root.all("decision"))
        for decision in decisions:
            for table in decision.all("decisionTable"):
                self._outputs(decision, table)
        for decision in decisions:
            for table in decision.all("decisionTable"):
                self._table(decision, table)
            if not any(decision.all("decisionTable")):
                self._note(
                    decision, f"the decision `{decision.attributes.get('name', '')}` is no table", "write it by hand"
                )

    def _note(self, at: Element, message: str, help_: str) -> None:
        place = Place(str(self.path), at.line, at.column)
        self.problems.append(Problem(place, "not-understood", message, help_, self.source.line(at.line - 1)[:200]))

    def _fact(self, called: str, type_: str, *, concluded: bool = False) -> Wanted:
        """The fact that FEEL calls so, made where it is new."""
        name = self.names.setdefault(called.casefold().strip(), _fact_name(called))
        word = _TYPES.get(type_.rpartition(":")[2].casefold(), "")
        found = self.facts.setdefault(name, Wanted(name, called.strip() or name, word))
        found.type = found.type or word
        found.concluded |= concluded
        return found

    def _outputs(self, decision: Element, table: Element) -> None:
        for output in table.all("output"):
            self._fact(_output_name(decision, table, output), _type_of(decision, output), concluded=True)

    def _table(self, decision: Element, table: Element) -> None:
        called = decision.attributes.get("name") or decision.attributes.get("id", "table")
        inputs = [self._input(one) for one in table.all("input")]
        outputs = [
            self._fact(_output_name(decision, table, one), _type_of(decision, one)) for one in table.all("output")
        ]
        rules = list(table.all("rule"))
        entries = [list(rule.all("inputEntry")) for rule in rules]
        results = [list(rule.all("outputEntry")) for rule in rules]
        for at, fact in enumerate(inputs):
            self._settle_type(fact, [row[at] for row in entries if at < len(row)], given=list(table.all("input"))[at])
        for at, fact in enumerate(outputs):
            given = list(table.all("output"))[at]
            self._settle_type(fact, [row[at] for row in results if at < len(row)], given=given)
        hit = self._hit(table, called, outputs)
        notes = any(any(rule.all("annotationEntry")) or rule.said("description") for rule in rules)
        header = [*(f"when {_spaced(one.name)}" for one in inputs), *(f"then {_spaced(one.name)}" for one in outputs)]
        rows = [["hit", hit], [*header, *(["note"] if notes else [])]]
        for rule, asked, said in zip(rules, entries, results, strict=True):
            cells = [self._test(entry, fact) for entry, fact in zip(asked, inputs, strict=False)]
            values = [self._result(entry, fact) for entry, fact in zip(said, outputs, strict=False)]
            words = " ".join(" ".join(one.said("text").split()) for one in rule.all("annotationEntry"))
            rows.append([*cells, *values, *([words or rule.said("description")] if notes else [])])
        self._default(table, inputs, outputs, rows)
        self.tables[_fact_name(called)] = rows

    def _default(self, table: Element, inputs: list[Wanted], outputs: list[Wanted], rows: Rows) -> None:
        given = [next(output.all("defaultOutputEntry"), None) for output in table.all("output")]
        if any(given) and inputs:
            values = ["" if one is None else self._result(one, fact) for one, fact in zip(given, outputs, strict=True)]
            rows.append(
                ["otherwise", *[""] * (len(inputs) - 1), *values, *[""] * (len(rows[1]) - len(inputs) - len(values))]
            )

    def _hit(self, table: Element, called: str, outputs: list[Wanted]) -> str:
        policy = table.attributes.get("hitPolicy", "").upper()
        aggregation = table.attributes.get("aggregation", "").upper()
        hit = _HITS.get(policy)
        if hit is None or (aggregation and aggregation != "SUM"):
            said = f"{policy} {aggregation}".strip()
            self._note(
                table, f"the hit policy {said} of `{called}` is not known here", "the first row that applies is taken"
            )
            return "first"
        if hit == "collect":
            if aggregation == "SUM":
                return "collect-sum"
            for one in outputs:
                one.type = "choices"
                one.choices = one.choices or {"": ""}
        return hit

    def _input(self, element: Element) -> Wanted:
        said = element.said("inputExpression", "text")
        expression = element.inner("inputExpression")
        label = element.attributes.get("label") or ""
        if not re.fullmatch(r"[^\W\d][\w .'-]*", said):
            self._note(
                expression, f"the expression `{said[:60]}` of a column is not understood", "a fact stands for it"
            )
            said = label or said
        return self._fact(said, expression.attributes.get("typeRef", ""))

    def _settle_type(self, fact: Wanted, entries: list[Element], given: Element) -> None:
        """What a column tells of the type of its fact: where all its values are texts in quotes, they are choices."""
        allowed = given.said("inputValues", "text") or given.said("outputValues", "text")
        texts = [one.said("text") for one in entries] + ([allowed] if allowed else [])
        strings = [found for one in texts for found in re.findall(r'"((?:[^"\\]|\\.)*)"', one)]
        if fact.type in ("", "text", "choice") and strings and self._only_strings(texts):
            fact.type = "choice"
            for one in strings:
                fact.choices.setdefault(_code(one), one)
            fact.open = fact.open or not allowed
        elif not fact.type:
            bare = " ".join(texts)
            fact.type = "yes/no" if re.search(r"\b(true|false)\b", bare) else "date" if "date(" in bare else "number"

    def _only_strings(self, texts: list[str]) -> bool:
        left = (re.sub(r'"(?:[^"\\]|\\.)*"|\bnot\b|\bnull\b|[\s,()-]', "", one) for one in texts)
        return not any(left)

    # --- FEEL -----------------------------------------------------------------------------------------------------

    def _test(self, entry: Element, fact: Wanted) -> str:
        """A unary test as a cell."""
        said = entry.said("text")
        found = _unary(said, fact)
        if found is None:
            self._note(entry, f"the test `{said[:60]}` is not understood", "write the cell by hand")
            return said
        return found

    def _result(self, entry: Element, fact: Wanted) -> str:
        """An output as a cell."""
        said = entry.said("text")
        found = _literal(said, fact)
        if found is not None:
            if fact.type == "choices" and found:
                fact.choices.pop("", None)
                fact.choices.setdefault(found, said.strip('"'))
            return found
        if re.fullmatch(r"[\w .+*/()-]+", said):
            return self._expression(said)
        self._note(entry, f"the value `{said[:60]}` is not understood", "write the cell by hand")
        return said

    def _expression(self, said: str) -> str:
        """Arithmetic with the names of facts as they are called here."""
        for called in sorted(self.names, key=len, reverse=True):
            if called:
                said = re.sub(
                    rf"(?<!\w){re.escape(called)}(?!\w)", _spaced(self.names[called]), said, flags=re.IGNORECASE
                )
        return said


def _output_name(decision: Element, table: Element, output: Element) -> str:
    called = decision.attributes.get("name") or decision.attributes.get("id", "")
    several = sum(1 for _ in table.all("output")) > 1
    own = output.attributes.get("name") or output.attributes.get("label") or ""
    return f"{called}.{own}" if several and own else called


def _type_of(decision: Element, output: Element) -> str:
    return output.attributes.get("typeRef") or decision.inner("variable").attributes.get("typeRef", "")


def _fact_name(called: str) -> str:
    """A name for a fact or table: `Credit Score` is `credit_score`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", called)
    name = re.sub(r"[^a-z0-9]+", "_", split.casefold()).strip("_")[:60] or "value"
    name = name if name[0].isalpha() else f"n_{name}"
    return f"the_{name}" if name in RESERVED else name


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _code(said: str) -> str:
    """The id of a choice: the text itself where it may be one."""
    if looks_like(said, CODE) and said.casefold() not in _MEAN_SOMETHING:
        return said
    name = re.sub(r"[^A-Za-z0-9]+", "_", said).strip("_")
    if not looks_like(name, CODE):
        return f"c_{crc32(said.encode()):08x}"
    return f"{name}_of_these" if name.casefold() in _MEAN_SOMETHING else name


_NUMBER: Final = r"-?(?:\d+(?:\.\d+)?|\.\d+)"
_ATOM: Final = rf'"(?:[^"\\]|\\.)*"|{_NUMBER}|date\(\s*"[^"]*"\s*\)|@"[^"]*"|true|false|null'
_RANGE: Final = re.compile(rf"([\[\](])\s*({_ATOM})\s*\.\.\s*({_ATOM})\s*([\[\])])")
_COMPARED: Final = re.compile(rf"(<=|>=|<|>|=|!=)\s*({_ATOM})")


def _unary(said: str, fact: Wanted) -> str | None:
    """FEEL's unary tests as a cell; None where they are not understood."""
    said = said.strip()
    if said in ("", "-"):
        return ""
    denied = re.fullmatch(r"not\s*\((.*)\)", said, re.DOTALL)
    parts = [_one_test(part.strip(), fact) for part in _parts(denied[1] if denied else said)]
    if None in parts:
        return None
    found = ", ".join(part for part in parts if part is not None)
    return f"not {found}" if denied else found


def _parts(said: str) -> list[str]:
    """The tests between commas that are not within quotes or brackets."""
    return [one for one in re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)(?![^(\[]*\))', said) if one.strip()]


def _one_test(said: str, fact: Wanted) -> str | None:
    ranged = _RANGE.fullmatch(said)
    if ranged:
        low, high = _literal(ranged[2], fact), _literal(ranged[3], fact)
        if low is None or high is None:
            return None
        if ranged[1] == "[" and ranged[4] == "]":
            return f"{low}..{high}"
        return f"{'>=' if ranged[1] == '[' else '>'} {low} and {'<=' if ranged[4] == ']' else '<'} {high}"
    compared = _COMPARED.fullmatch(said)
    if compared:
        value = _literal(compared[2], fact)
        if value is None:
            return None
        sign = compared[1]
        return value if sign == "=" else f"not {value}" if sign == "!=" else f"{sign} {value}"
    return _literal(said, fact)


def _literal(said: str, fact: Wanted) -> str | None:
    """A value written down, as a cell has it; None for anything else."""
    said = said.strip()
    if said in ("", "-"):
        return ""
    if said in ("true", "false"):
        return "yes" if said == "true" else "no"
    if said == "null":
        return "none"
    if re.fullmatch(_NUMBER, said):
        return said if not said.startswith(".") else f"0{said}"
    day = re.fullmatch(r'(?:date\(\s*|@)"(\d{4}-\d{2}-\d{2})"\s*\)?', said)
    if day:
        return day[1]
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', said)
    if not quoted:
        return None
    inner = quoted[1].replace('\\"', '"').replace("\\\\", "\\")
    return _code(inner) if fact.type in ("choice", "choices") else inner
