"""A learner's code, parsed and looked at. It is neither run nor compiled: the compiler can be crashed by short code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lessons.content.compiling import parse_quietly
from lessons.content.teaching import Check, ProjectStep
from lessons.errors import Refused

MAX_CODE: Final = 10_000  # bytes of UTF-8
MAX_DEPTH: Final = 100  # of the syntax tree; a view has about 10
TOO_DEEP: Final = "This is nested too deeply to be looked at."

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class CodeReport:
    """What the checks of a step say of some code."""

    met: tuple[bool, ...] = ()  # one per check, in order; empty when the code cannot be parsed
    missing: tuple[str, ...] = ()  # what to say of the checks that are not met, in order
    fault: str = ""  # why it cannot be parsed, in Python's words
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
        raise Refused("malformed", "The code has signs that are no text.")
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
    functions: dict[str, ast.stmt] = field(default_factory=dict)  # of the module itself
    constants: dict[str, ast.expr] = field(default_factory=dict)  # of the module itself; the last value counts
    modules: set[str] = field(default_factory=set)  # imported, by name
    origins: dict[str, str] = field(default_factory=dict)  # imported name -> what it is: "sleep" -> "asyncio.sleep"
    calls: list[ast.Call] = field(default_factory=list)
    awaited: list[ast.Call] = field(default_factory=list)
    returned: list[ast.Call] = field(default_factory=list)


def _parsed(code: str) -> ast.Module:
    """Raises `SyntaxError`, also for what is too deep to be parsed."""
    try:
        return parse_quietly(code, "your code")
    except (MemoryError, RecursionError):
        raise SyntaxError(TOO_DEEP) from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def _facts(module: ast.Module) -> _Facts:
    """Raises `SyntaxError` for what `ast.parse` lets pass, and for what is too deep."""
    facts = _Facts()
    for statement in module.body:
        _note_definition(facts, statement)
    for node, function in _walk(module):
        _check_place(node, function)
        match node:
            case ast.Import() | ast.ImportFrom():
                _note_import(facts, node)
            case ast.Call():
                facts.calls.append(node)
            case ast.Await():
                facts.awaited += [node.value] if isinstance(node.value, ast.Call) else []
            case ast.Return() if function:
                facts.returned += _returned(node, function)
            case _:
                pass
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
        case ast.Assign(targets=targets, value=value):
            facts.constants.update({target.id: value for target in targets if isinstance(target, ast.Name)})
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            facts.constants[name] = value
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


def _returned(node: ast.Return, function: Function) -> list[ast.Call]:
    """The call that is returned, at once or by way of a variable."""
    if isinstance(node.value, ast.Call):
        return [node.value]
    if not isinstance(node.value, ast.Name) or isinstance(function, ast.Lambda):
        return []
    name = node.value.id
    return [
        each.value
        for each in function.body
        if isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and any(isinstance(target, ast.Name) and target.id == name for target in each.targets)
    ]


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
        case "awaits":
            return any(_is_call(call, check, facts) for call in facts.awaited)
        case "calls":
            return any(_is_call(call, check, facts) for call in facts.calls)
        case "returns":
            return any(_is_call(call, check, facts) for call in facts.returned)


def _is_call(call: ast.Call, check: Check, facts: _Facts) -> bool:
    written = _dotted(call.func)
    first, dot, rest = written.partition(".")
    meant = facts.origins.get(first, first) + dot + rest
    if not written or not (check.name in (written, meant) or meant.endswith(f".{check.name}")):
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
