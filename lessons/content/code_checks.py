"""A learner's code, parsed and looked at. It is neither run nor compiled: the compiler can be crashed by short code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lessons.content.compiling import parse_quietly
from lessons.content.conduct import NOTHING, Conduct, Conducts, Definition
from lessons.content.teaching import Check, ProjectStep
from lessons.errors import Refused

MAX_CODE: Final = 10_000  # bytes of UTF-8
MAX_DEPTH: Final = 100  # of the syntax tree; a view has about 10
TOO_DEEP: Final = "This is nested too deeply to be checked."
VIEW: Final = "view"  # the name of the function that answers requests, as in every sample
NEVER_LOADED: Final = "the module always ends here, so what is below is never reached"
NEVER_ANSWERS: Final = "the view always ends here, so it never answers"

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class CodeReport:
    """What the checks of a step say of some code."""

    met: tuple[bool, ...] = ()  # one per check, in order; empty when the code cannot be parsed
    missing: tuple[str, ...] = ()  # what to say of the checks that are not met, in order
    fault: str = ""  # why it cannot be parsed, in Python's words; or why it never comes to an answer
    line: int | None = None  # of the fault, from 1

    @property
    def passed(self) -> bool:
        """Is everything there?"""
        return not self.fault and not self.missing


def normalize_code(code: str) -> str:
    """The code as it is kept: ends of lines as Python has them. Raises `Refused` ("too-long", "malformed")."""
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    try:
        size = len(code.encode())
    except UnicodeEncodeError:  # half of a pair of surrogates
        size = -1
    if size < 0 or "\0" in code:  # no database would take it
        raise Refused("malformed", "The code contains characters that are not text.")
    if size > MAX_CODE:
        raise Refused("too-long", f"The code has more than {MAX_CODE:,} bytes. Keep what the step needs.")
    return code


def check_code(step: ProjectStep, code: str) -> CodeReport:
    """Parse the code and look for what the step's checks ask. Raises `Refused` ("too-long", "malformed")."""
    try:
        facts = _facts(_parsed(normalize_code(code)))
    except SyntaxError as error:
        return CodeReport(fault=error.msg, line=error.lineno)
    met = tuple(_met(check, facts) for check in step.checks)
    return CodeReport(met, tuple(check.missing for check, there in zip(step.checks, met, strict=True) if not there))


@dataclass(slots=True)
class _Facts:
    """What the module itself says, read from top to bottom: the last meaning of a name counts."""

    functions: dict[str, Definition] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)  # imported anywhere, by name
    origins: dict[str, str] = field(default_factory=dict)  # imported name -> what it is: "sleep" -> "asyncio.sleep"
    module: Conduct = NOTHING  # what importing it does
    view: Conduct = NOTHING  # what the view does; nothing when there is none

    def named(self, node: ast.expr) -> str:
        """`asyncio.sleep` for what that is here, whatever it is called; "" for what has no name."""
        first, dot, rest = _dotted(node).partition(".")
        if first in self.constants or (first in self.functions and rest):
            return ""
        return self.origins.get(first, first) + dot + rest


def _parsed(code: str) -> ast.Module:
    """Raises `SyntaxError`, also for what is too deep to be parsed."""
    try:
        return parse_quietly(code, "your code")
    except (MemoryError, RecursionError):
        raise SyntaxError(TOO_DEEP) from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def _facts(module: ast.Module) -> _Facts:
    """Raises `SyntaxError` for what `ast.parse` lets pass, for what is too deep, and for what always ends early."""
    facts = _Facts()
    for node, function in _walk(module):
        _check_place(node, function)
        if isinstance(node, ast.Import | ast.ImportFrom):
            _note_import(facts, node)
    for statement in module.body:
        _note_definition(facts, statement)
    conducts = Conducts(facts.functions, facts.named)
    try:
        facts.module = conducts.of_module(module.body)
        facts.view = conducts.of(VIEW) if VIEW in facts.functions else NOTHING
    except RecursionError:  # hundreds of functions, each calling the next
        raise SyntaxError(TOO_DEEP) from None
    for conduct, never in ((facts.module, NEVER_LOADED), (facts.view, NEVER_ANSWERS)):
        if isinstance(conduct.end, ast.stmt):
            raise _misplaced(never, conduct.end)
    return facts


def _check_place(node: ast.AST, function: Function | None) -> None:
    if isinstance(node, ast.Await) and not isinstance(function, ast.AsyncFunctionDef):
        raise _misplaced("'await' outside async function", node)
    if isinstance(node, ast.Return) and function is None:
        raise _misplaced("'return' outside function", node)


def _walk(module: ast.Module) -> Iterator[tuple[ast.AST, Function | None]]:
    """Every node with the function whose body it is in, without recursion."""
    todo: list[tuple[ast.AST, Function | None, int]] = [(module, None, 0)]
    while todo:
        node, function, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise SyntaxError(TOO_DEEP)
        yield node, function
        for name, value in ast.iter_fields(node):
            within = function
            if name == "body" and isinstance(node, Function):
                within = node  # decorators and defaults belong to what is around it
            elif name == "body" and isinstance(node, ast.ClassDef):
                within = None
            children = value if isinstance(value, list) else [value]
            todo.extend((child, within, depth + 1) for child in children if isinstance(child, ast.AST))


def _note_definition(facts: _Facts, statement: ast.stmt) -> None:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            facts.functions[name] = statement
            facts.constants.pop(name, None)
        case ast.Assign(targets=targets, value=value):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            facts.constants.update(dict.fromkeys(names, value))
            for name in names:
                facts.functions.pop(name, None)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            facts.constants[name] = value
            facts.functions.pop(name, None)
        case _:
            pass


def _note_import(facts: _Facts, node: ast.Import | ast.ImportFrom) -> None:
    if isinstance(node, ast.Import):
        facts.modules.update(alias.name for alias in node.names)
        facts.origins.update({alias.asname: alias.name for alias in node.names if alias.asname})
        return
    module = "." * node.level + (node.module or "")
    facts.modules.update({module, *(f"{module}.{alias.name}" for alias in node.names)})
    facts.origins.update({alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names})


def _misplaced(reason: str, node: ast.expr | ast.stmt) -> SyntaxError:
    return SyntaxError(reason, ("your code", node.lineno, node.col_offset + 1, None))


def _met(check: Check, facts: _Facts) -> bool:
    match check.kind:
        case "function":
            return check.name in facts.functions
        case "async-function":
            return isinstance(facts.functions.get(check.name), ast.AsyncFunctionDef)
        case "constant":
            value = facts.constants.get(check.name)
            return value is not None and _agrees(value, check.value)
        case "imports":
            return check.name in facts.modules
        case _:
            return _done(check, facts)


def _done(check: Check, facts: _Facts) -> bool:
    """Does the view do what is asked, or never what it has to avoid?"""
    match check.kind:
        case "avoids":
            return not any(_is_call(made.call, check, facts) for made in facts.view.possible | facts.module.possible)
        case "returns":
            answers = facts.view.returned
            return bool(answers) and all(
                isinstance(each, ast.Call) and _is_call(each, check, facts) for each in answers
            )
        case _:
            certain = facts.view.certain
            calls = certain.awaited if check.kind == "awaits" else certain.calls
            return any(_is_call(made.call, check, facts) for made in calls)


def _is_call(call: ast.Call, check: Check, facts: _Facts) -> bool:
    meant = facts.named(call.func)
    if check.name != meant and not meant.endswith(f".{check.name}"):
        return False
    arguments = call.args[:1] or [keyword.value for keyword in call.keywords]
    return not check.value or any(_agrees(argument, check.value) for argument in arguments)


def _dotted(node: ast.expr) -> str:
    """`asyncio.sleep` for that very expression, "" for any other."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""


def _agrees(node: ast.expr, wanted: str) -> bool:
    """Is it the same Python, whatever its quotes and brackets? 3 and 3.0 agree, 1 and True do not."""
    if not wanted:
        return True
    other = ast.parse(wanted, mode="eval").body
    if ast.dump(node) == ast.dump(other):
        return True
    numbers = [
        each.value for each in (node, other) if isinstance(each, ast.Constant) and type(each.value) in (int, float)
    ]
    return len(numbers) == 2 and numbers[0] == numbers[1]
