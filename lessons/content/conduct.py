"""What code does when it is called, told from its syntax tree alone.

That is: the calls it makes whatever way it takes, those it may make, what it returns, and where it stops for good.
Calls of functions of the same module are followed.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

Definition = ast.FunctionDef | ast.AsyncFunctionDef

ENDINGS: Final = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit"})  # calls that never come back
WRAPPERS: Final = frozenset(  # awaiting these awaits what they are given
    f"asyncio.{name}" for name in ("gather", "wait_for", "shield", "create_task", "ensure_future")
)
_INNER: Final = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

type Names = Callable[[ast.expr], str]  # what an expression names: "asyncio.sleep"; "" for nothing


@dataclass(frozen=True, slots=True)
class Made:
    """A call that is made. The same call in two places counts as one."""

    text: str  # of its syntax tree
    call: ast.Call = field(compare=False)


type Calls = frozenset[Made]


@dataclass(frozen=True, slots=True)
class Deeds:
    """Calls that were made for sure up to some place."""

    calls: Calls = frozenset()
    awaited: Calls = frozenset()

    def __or__(self, more: "Deeds") -> "Deeds":
        """These and then more."""
        return Deeds(self.calls | more.calls, self.awaited | more.awaited)

    def __and__(self, other: "Deeds") -> "Deeds":
        """What either way has made."""
        return Deeds(self.calls & other.calls, self.awaited & other.awaited)


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a function does."""

    certain: Deeds = Deeds()  # whatever way it takes to its end
    possible: Calls = frozenset()  # on some way
    returned: tuple[ast.expr | None, ...] = ()  # one per way out; None: nothing is returned
    end: ast.AST | None = None  # where every way stops without an answer; None when there is one


NOTHING: Final = Conduct()


@dataclass(slots=True)
class _Frame:
    """A function, or the module, as it is gone through."""

    exits: list[tuple[Deeds, ast.expr | None]] = field(default_factory=list)
    possible: set[Made] = field(default_factory=set)
    values: dict[str, ast.expr] = field(default_factory=dict)  # what a name was last set to
    breaks: list[list[Deeds]] = field(default_factory=list)  # one per loop around
    end: ast.AST | None = None  # the latest thing that stops it


class Conducts:
    """The conduct of the functions of one module. Each is gone through once."""

    def __init__(self, functions: Mapping[str, Definition], named: Names) -> None:
        self._functions, self._named = functions, named
        self._known: dict[str, Conduct] = {}

    def of(self, name: str) -> Conduct:
        """Of a function of the module. Raises `KeyError`."""
        if name not in self._known:
            self._known[name] = Conduct()  # for one that calls itself
            self._known[name] = self._follow(self._functions[name].body)
        return self._known[name]

    def of_module(self, body: list[ast.stmt]) -> Conduct:
        """Of what happens when the module is imported."""
        return self._follow(body)

    def _follow(self, body: list[ast.stmt]) -> Conduct:
        frame = _Frame()
        left = self._run(body, Deeds(), frame)
        ways = [*frame.exits, *([(left, None)] if left else [])]
        certain = _merged(deeds for deeds, _ in ways)
        return Conduct(
            certain=certain or Deeds(),
            possible=frozenset(frame.possible),
            returned=tuple(_value(value, frame) for _, value in ways),
            end=None if ways else frame.end,
        )

    def _run(self, body: Iterable[ast.stmt], done: Deeds, frame: _Frame) -> Deeds | None:
        """What is done after these statements; None when none of the ways gets past them."""
        for statement in body:
            after = self._step(statement, done, frame)
            if after is None:
                return None
            done = after
        return done

    def _step(self, statement: ast.stmt, done: Deeds, frame: _Frame) -> Deeds | None:
        for expression in _evaluated(statement):
            done |= self._made(expression, frame)
            if self._ends(expression):
                frame.end = statement
                return None
        if isinstance(statement, ast.Return | ast.Raise | ast.Break | ast.Continue):
            self._leave(statement, done, frame)
            return None
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    frame.values[target.id] = statement.value
        return self._within(statement, done, frame)

    def _leave(self, statement: ast.stmt, done: Deeds, frame: _Frame) -> None:
        match statement:
            case ast.Return(value=value):
                frame.exits.append((done, value))
            case ast.Raise():
                frame.end = statement
            case ast.Break() if frame.breaks:
                frame.breaks[-1].append(done)
            case _:
                pass

    def _within(self, statement: ast.stmt, done: Deeds, frame: _Frame) -> Deeds | None:
        """The statements in a statement."""
        match statement:
            case ast.If(test=test, body=body, orelse=orelse):
                return self._branch(_truth(test), body, orelse, done, frame)
            case ast.While() | ast.For() | ast.AsyncFor():
                return self._loop(statement, done, frame)
            case ast.With(body=body) | ast.AsyncWith(body=body):
                return self._run(body, done, frame)
            case ast.Try() | ast.TryStar():
                return self._try(statement, done, frame)
            case ast.Match(cases=cases):
                return _merged([*(self._run(case.body, done, frame) for case in cases), done])
            case _:
                return done

    def _branch(
        self, truth: bool | None, body: list[ast.stmt], orelse: list[ast.stmt], done: Deeds, frame: _Frame
    ) -> Deeds | None:
        ways = [
            self._run(way, done, frame) for way, open in ((body, truth), (orelse, not truth)) if open or truth is None
        ]
        return _merged(ways)

    def _loop(self, loop: ast.While | ast.For | ast.AsyncFor, done: Deeds, frame: _Frame) -> Deeds | None:
        truth = _truth(loop.test) if isinstance(loop, ast.While) else None
        frame.breaks.append([])
        if truth is not False:
            self._run(loop.body, done, frame)
        broken = frame.breaks.pop()
        if truth:
            frame.end = frame.end if broken else loop
            return _merged(broken)
        return _merged([self._run(loop.orelse, done, frame), *broken])

    def _try(self, statement: ast.Try | ast.TryStar, done: Deeds, frame: _Frame) -> Deeds | None:
        body = self._run(statement.body, done, frame)
        ways = [self._run(statement.orelse, body, frame) if body else None]
        ways += [self._run(handler.body, done, frame) for handler in statement.handlers]
        after = self._run(statement.finalbody, done, frame)
        left = _merged(ways)
        return left | after if left and after else None

    def _made(self, expression: ast.expr, frame: _Frame) -> Deeds:
        """The calls of an expression that is evaluated, and what they lead to."""
        calls: set[Made] = set()
        awaited: set[Made] = set()
        deeds = Deeds()
        for node, certain in _nodes(expression):
            if isinstance(node, ast.Await):
                found = set(self._awaited(node.value, frame))
                awaited |= {Made(ast.dump(call), call) for call in found} if certain else set()
                deeds |= self._led(found, certain, frame, awaits=True)
            elif isinstance(node, ast.Call):
                made = Made(ast.dump(node), node)
                frame.possible.add(made)
                calls |= {made} if certain else set()
                deeds |= self._led({node}, certain, frame, awaits=False)
        return deeds | Deeds(frozenset(calls), frozenset(awaited))

    def _led(self, calls: set[ast.Call], certain: bool, frame: _Frame, *, awaits: bool) -> Deeds:
        """What functions of this module do when they are called: a coroutine function only when it is awaited."""
        deeds = Deeds()
        for call in calls:
            function = self._functions.get(self._named(call.func))
            if function and isinstance(function, ast.AsyncFunctionDef) == awaits:
                conduct = self.of(function.name)
                frame.possible |= conduct.possible
                deeds |= conduct.certain if certain else Deeds()
        return deeds

    def _awaited(self, value: ast.expr, frame: _Frame) -> Iterator[ast.Call]:
        value = _value(value, frame) or value
        if not isinstance(value, ast.Call):
            return
        yield value
        if self._named(value.func) in WRAPPERS:
            for argument in value.args:
                yield from self._awaited(argument, frame)

    def _ends(self, expression: ast.expr) -> bool:
        """Does a call in it, for sure, never come back?"""
        for node, certain in _nodes(expression):
            awaits = isinstance(node, ast.Await)
            call = node.value if isinstance(node, ast.Await) else node
            if not certain or not isinstance(call, ast.Call):
                continue
            name = self._named(call.func)
            function = self._functions.get(name)
            runs = function and isinstance(function, ast.AsyncFunctionDef) == awaits
            if name in ENDINGS or (runs and self.of(name).end):
                return True
        return False


def _merged(ways: Iterable[Deeds | None]) -> Deeds | None:
    """What every way has done that goes on; None when none does."""
    merged: Deeds | None = None
    for way in ways:
        if way is not None:
            merged = way if merged is None else merged & way
    return merged


def _value(value: ast.expr | None, frame: _Frame) -> ast.expr | None:
    """An expression, or what the variable was set to."""
    return frame.values.get(value.id, value) if isinstance(value, ast.Name) else value


def _truth(test: ast.expr) -> bool | None:
    """Of a condition that is a constant; None for any other."""
    return bool(test.value) if isinstance(test, ast.Constant) else None


def _evaluated(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, without those of the statements in it."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from statement.decorator_list
        return
    for _, value in ast.iter_fields(statement):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.expr):
                yield each
            elif isinstance(each, ast.withitem):
                yield each.context_expr


def _nodes(expression: ast.expr) -> Iterator[tuple[ast.expr, bool]]:
    """All parts that are evaluated with it, and whether they are for sure."""
    todo: list[tuple[ast.AST, bool]] = [(expression, True)]
    while todo:
        node, certain = todo.pop()
        if isinstance(node, ast.expr):
            yield node, certain
        match node:
            case ast.BoolOp(values=[first, *others]):
                todo += [(first, certain), *((other, False) for other in others)]
            case ast.IfExp(test=test, body=body, orelse=orelse):
                todo += [(test, certain), (body, False), (orelse, False)]
            case _:
                within = certain and not isinstance(node, _INNER)
                todo += [(child, within) for child in ast.iter_child_nodes(node)]
