"""Templates that cannot do harm: a Jinja environment in which a stranger's template costs at most an error.

In: folders of templates, in the order in which they are searched. Out: the text of one of them, rendered. Refused, each
as a problem with file, line and column: a name that is not known, anything but plain data, templates outside the
folders, and work or output beyond what a report can need.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import BlockReference, Context, LoopContext, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, pass_eval_context
from markupsafe import Markup

from advisor.problems.problem import Place, Problem, Problems, suggestion
from advisor.report.templates import Compiled, Folders, Generator

LARGEST_TEXT = 16_000_000
"""Characters in the output, and in any text on the way to it."""
LONGEST_LIST = 50_000
LARGEST_NUMBER = 10**15
MOST_WORK = 20_000_000
"""Nodes of templates gone through; a text counts as one for each 64 characters."""
MOST_SECONDS = 30.0

FILTERS = (
    "abs", "capitalize", "default", "first", "groupby", "items", "last", "length", "list", "lower", "map",
    "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "trim", "unique", "upper",
)  # fmt: skip
"""Those of Jinja's filters that cannot make much out of little."""
_HELPERS = (LoopContext, TemplateModule, Namespace, TemplateReference, BlockReference)
"""Jinja's own things whose parts a template may name."""
_OF_A_MAPPING = ("items", "keys", "values", "get")
_OF_A_GROUP = ("grouper", "list")


class UnknownName(UndefinedError):
    """A name that is not known; `known` are the names that could stand there (None: those of the report)."""

    def __init__(self, message: str, name: str, known: Iterable[str] | None) -> None:
        super().__init__(message)
        self.name = name
        self.known = known


class Unknown(StrictUndefined):
    """What stands for a name that is not known: any use of it is an error."""

    __slots__ = ()

    def __init__(self, hint: str | None = None, obj: object = None, name: str | None = None, exc: Any = None) -> None:  # noqa: ANN401  as in Jinja
        known = [str(key) for key in obj] if isinstance(obj, Mapping) else None if obj is None else []
        unknown: Any = partial(UnknownName, name=str(name), known=known)
        super().__init__(hint, name=name, exc=exc or unknown)


_COMPILED = Compiled()


class Templates(ImmutableSandboxedEnvironment):
    """The templates of one format. `escape` makes a text of the advice harmless in that format."""

    code_generator_class = Generator
    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(
        self,
        folders: Sequence[Path],
        *,
        filters: Mapping[str, Callable[..., Any]],
        functions: Mapping[str, Any],
        escape: Callable[[str], str],
    ) -> None:
        self.folders = Folders(folders)
        self.escape = escape
        super().__init__(
            loader=self.folders,
            undefined=Unknown,
            autoescape=True,
            finalize=self._finalized,
            optimized=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_COMPILED,
        )
        own = {
            "gone_through": self._gone_through,
            "joined": self.joined,
            "join": self.joined,
            "measured": self._measured,
        }
        self.filters = {name: self.filters[name] for name in FILTERS} | own
        self.filters |= {name: _careful(function) for name, function in filters.items()}
        self.globals = {"range": self._range, "namespace": Namespace, **functions}
        self._work = 0
        self._until = 0.0

    # --- what callers use -----------------------------------------------------------------------------------------

    def written(self, name: str, values: Mapping[str, Any]) -> str:
        """The template of that name with these values. Raises Problems."""
        self._work, self._until = 0, time.monotonic() + MOST_SECONDS
        try:
            return self.get_template(name).render(values)
        except Problems:
            raise
        except Exception as error:
            raise Problems([self.problem(error, values)]) from error

    def tree(self, name: str) -> nodes.Template:
        """The template of that name, parsed; it has been compiled, too. Raises Problems."""
        try:
            self.get_template(name)
            source, file, _ = self.folders.get_source(self, name)
            return self._parse(source, name, file)
        except Problems:
            raise
        except Exception as error:
            raise Problems([self.problem(error, {})]) from error

    def problem(self, error: Exception, values: Mapping[str, Any]) -> Problem:
        """What went wrong, and where in which template."""
        kind, message, mend = self._diagnosis(error, values)
        name = error.name if isinstance(error, UnknownName) else _quoted(message)
        file, number = _spot(error, self.folders.sources)
        rows = self.folders.sources.get(file, "").splitlines()
        line = rows[number - 1] if 0 < number <= len(rows) else ""
        found = re.search(rf"\b{re.escape(name)}\b", line) if name else None
        column = found.start() + 1 if found else len(line) - len(line.lstrip()) + 1
        place = Place(file, max(1, number), column, len(name) if found and name else 1)
        return Problem(place, kind, message, mend, line)

    def _diagnosis(self, error: Exception, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """The kind of problem, what is wrong, and how to mend it."""
        if isinstance(error, UnknownName):
            known = [*values, *self.globals] if error.known is None else error.known
            return "unknown-name", f"`{error.name}` is not known here", suggestion(error.name, known)
        if isinstance(error, TemplateNotFound):
            mend = suggestion(str(error.name), self.folders.list_templates())
            return "unknown-template", f"there is no template `{error.name}`", mend
        if isinstance(error, TemplateSyntaxError):
            message = re.sub(r"'([^']*)'", r"`\1`", error.message or "").rstrip(".")
            missing = re.match(r"No (filter|test) named `(.*)`", message)
            known = self.filters if missing and missing[1] == "filter" else self.tests
            return "template-syntax", message, suggestion(missing[2], known) if missing else ""
        if isinstance(error, RecursionError):
            return "template-refused", "the templates are nested too deeply, or call one another without end", ""
        if isinstance(error, SecurityError | OverflowError | MemoryError):
            return "template-refused", str(error) or "it needs too much memory", ""
        return "template-error", str(error)[:300] or type(error).__name__, ""

    # --- limits ---------------------------------------------------------------------------------------------------

    def charge(self, work: int) -> None:
        """Count work done. Raises SecurityError beyond what a report can need."""
        self._work += work
        if self._work > MOST_WORK:
            raise SecurityError("the templates do more work than a report can need")
        if self._until and time.monotonic() > self._until:
            raise SecurityError(f"the templates take longer than {MOST_SECONDS:g} seconds")

    def _bounded(self, text: str) -> str:
        self.charge(1 + len(text) // 64)
        if len(text) > LARGEST_TEXT:
            raise SecurityError(f"a text grows beyond {LARGEST_TEXT:,} characters")
        return text

    def concat(self, parts: Iterable[str]) -> str:  # an attribute there
        """The parts in one text, if that is not too long. Jinja joins all output with it."""
        kept: list[str] = []
        length = 0
        for part in parts:
            kept.append(part)
            length += len(part)
            if length > LARGEST_TEXT:
                raise SecurityError(f"a text grows beyond {LARGEST_TEXT:,} characters")
        self.charge(1 + length // 64)
        return "".join(kept)

    def _gone_through(self, items: Any, weight: int) -> list[Any]:  # noqa: ANN401  of any type
        """What a loop goes through."""
        if isinstance(items, str):
            raise SecurityError("a text cannot be gone through")
        listed = list(items)
        if len(listed) > LONGEST_LIST:
            raise SecurityError(f"a loop would run more than {LONGEST_LIST:,} times")
        self.charge(1 + len(listed) * weight)
        return listed

    def _range(self, *ends: int) -> range:
        numbers = range(*ends)
        if abs(ends[-1]) > LARGEST_NUMBER or len(numbers) > LONGEST_LIST:
            raise SecurityError(f"a loop would run more than {LONGEST_LIST:,} times")
        return numbers

    def _measured(self, collection: Any) -> Any:  # noqa: ANN401  of any type
        """A list or mapping that a template writes, if all in it together is not too much."""
        left = LONGEST_LIST
        pending = [collection]
        while pending:
            found = pending.pop()
            left -= 1
            if left < 0:
                raise SecurityError(f"a list holds more than {LONGEST_LIST:,} things")
            if isinstance(found, Mapping):
                pending.extend(found.values())
            elif isinstance(found, list | tuple):
                pending.extend(found)
        self.charge(LONGEST_LIST - left)
        return collection

    def joined(self, parts: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
        """The parts as one text; escaped if one of them is."""
        items = [self.getitem(part, attribute) if attribute else part for part in self._gone_through(parts, 1)]
        if any(isinstance(item, Markup) for item in (*items, between)):
            mark = self._printed(between)
            self._bounded_sum(len(mark) * len(items))
            return Markup(mark).join(Markup(self.concat([self._printed(item)])) for item in items)  # noqa: S704  escaped
        texts = [self._plain(item) for item in items]
        self._bounded_sum(sum(map(len, texts)) + len(between) * len(texts))
        return between.join(texts)

    def _bounded_sum(self, length: int) -> None:
        if length > LARGEST_TEXT:
            raise SecurityError(f"a text grows beyond {LARGEST_TEXT:,} characters")
        self.charge(1 + length // 64)

    def _plain(self, value: Any) -> str:  # noqa: ANN401  of any type
        if isinstance(value, Undefined):
            return str(value)
        if (
            value is None
            or isinstance(value, bool)
            or not isinstance(value, str | int | float | Decimal | Fraction | date)
        ):
            what = {bool: "a yes/no", type(None): "nothing"}.get(type(value), "a list or mapping")
            raise SecurityError(f"{what} cannot be printed as it is")
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise SecurityError("a number grows beyond all bounds")
        return self._bounded(str(value))

    def _printed(self, value: Any) -> Markup:  # noqa: ANN401  of any type
        """What a template prints: escaped, unless the template made it."""
        if isinstance(value, Markup):
            self._bounded(value)
            return value
        return Markup(self.escape(self._plain(value)))  # noqa: S704  this is where it is escaped

    # --- what Jinja asks ------------------------------------------------------------------------------------------

    @pass_eval_context
    def _finalized(self, _: nodes.EvalContext, value: Any) -> Markup:  # noqa: ANN401  of any type
        """As `_printed`. Asking for the context keeps Jinja from printing anything when it compiles: code is shared."""
        return self._printed(value)

    def compile(self, source: Any, name: Any = None, filename: Any = None, **options: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
        """The code of a template; one that is nested beyond what Python can compile is a mistake in it."""
        try:
            return super().compile(source, name, filename, **options)
        except (RecursionError, SyntaxError, MemoryError):
            raise TemplateSyntaxError("it is nested too deeply", 1, name, filename) from None

    def join_path(self, template: str, parent: str) -> str:
        """The name of a template that another includes; each time counts."""
        self.charge(100)
        return super().join_path(template, parent)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  of any type
        """Call a macro or function; each time counts."""
        self.charge(20)
        return super().call(context, called, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  of any type
        """Arithmetic on numbers; `+` also joins texts and lists."""
        numbers = all(isinstance(side, int | float | Decimal | Fraction) for side in (left, right))
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.joined([left, right])
        if operator == "+" and isinstance(left, list) and isinstance(right, list):
            return self._measured([*left, *right])
        if operator == "**" or not (numbers or isinstance(left, Undefined) or isinstance(right, Undefined)):
            raise SecurityError(f"`{operator}` is for small numbers")
        if numbers and max(abs(left), abs(right)) > LARGEST_NUMBER:
            raise SecurityError("a number grows beyond all bounds")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  of any type
        """A part of plain data, or of one of Jinja's own helpers; nothing else has parts."""
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
            if attribute not in _OF_A_MAPPING:
                return Unknown(obj=obj, name=attribute)
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            return str(obj)
        grouped = isinstance(obj, tuple) and attribute in _OF_A_GROUP
        if attribute.startswith("_") or not (grouped or isinstance(obj, _HELPERS)):
            raise SecurityError(f"`{attribute}` is asked of what has no such part")
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401  of any type
        """As `getattr`, and the items of a list by number."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list | tuple | str | Mapping):
            return super().getitem(obj, argument)
        raise SecurityError(f"`{str(argument)[:40]}` is asked of what has no parts")


def _careful(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, refusing what is unknown; what it makes of a template's own text is that template's, too."""

    def called(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  of any type
        for value in (*args, *kwargs.values()):
            if isinstance(value, Undefined):
                str(value)
        result = function(*args, **kwargs)
        made = bool(args) and isinstance(args[0], Markup) and isinstance(result, str)
        return Markup(result) if made else result  # noqa: S704  as safe as what was given

    return called


def _spot(error: Exception, sources: Mapping[str, str]) -> tuple[str, int]:
    """File and line of the innermost template in which the error came up."""
    if isinstance(error, TemplateSyntaxError) and error.filename:
        return error.filename, error.lineno
    file, number = "templates", 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in sources:
            file, number = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return file, number


def _quoted(message: str) -> str | None:
    found = re.search(r"`([^`]+)`", message)
    return found[1] if found else None
