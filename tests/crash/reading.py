"""Reads the code of the bot: its transactions, wherever they lie, and which of them move money or end an order.

A function moves money when it names one of the ledger's movements, and ends an order when it writes a final state; a
transaction does when anything does that it names, however far down. A call on an object of unknown class is followed
where one class of the bot has a method of that name, or the object bears the name of its class.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

import bot

ROOT = Path(bot.__path__[0])
LEFT_OUT = ("sandbox", "storage")
"""Of the bot: what imports nothing of it, and what lies below the ledger."""
MOVES = frozenset({"hold", "capture", "release", "refund", "top_up", "debit", "welcome"})
ENDS = frozenset({"DONE", "FAILED", "CANCELLED"})
FOREIGN = (
    frozenset(dir(sa.Connection)) | frozenset(dir(sa.CursorResult)) | frozenset(dir(sa.Select)) | frozenset(dir(dict))
)
"""Methods of what transactions have in hand besides objects of ours."""
Place = tuple[str, str]
"""Module and path of a function."""
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass
class Module:
    """One file: what its names stand for, and its functions by their path in it."""

    name: str
    names: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)


@dataclass(frozen=True)
class Transaction:
    """`path`: module and functions around it; `failpoint`: as failpoints.name_of calls it."""

    path: str
    failpoint: str
    moves: bool

    @property
    def in_the_engine(self) -> bool:
        return self.path.startswith("bot.engine.")


class Code:
    """All modules, read once."""

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {}
        self.methods: dict[str, list[tuple[Module, str]]] = defaultdict(list)
        self._found: list[tuple[Module, tuple[str, ...], ast.expr]] = []
        for path in sorted(ROOT.rglob("*.py")):
            inside = path.relative_to(ROOT).parts
            if inside[0] not in LEFT_OUT:
                self._read(path, ".".join(("bot", *inside)).removesuffix(".py").removesuffix(".__init__"))

    def transactions(self) -> list[Transaction]:
        moving = self._moving()
        return [self._transaction(*found, moving) for found in self._found]

    def _moving(self) -> set[Place]:
        """The functions from which a movement or a final state is reached."""
        reached = {
            (module.name, path): self._reached(module, tuple(path.split(".")), node)
            for module in self.modules.values()
            for path, node in module.functions.items()
        }
        moving = {place for place, found in reached.items() if found is None}
        grown = True
        while grown:
            more = {place for place, found in reached.items() if found and place not in moving and found & moving}
            moving |= more
            grown = bool(more)
        return moving

    def _read(self, path: Path, name: str) -> None:
        module = self.modules[name] = Module(name)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]

        def visit(node: ast.AST, around: tuple[str, ...], *, of_class: bool) -> None:
            match node:
                case ast.Import(names=names):
                    module.names.update({a.asname or a.name: a.name for a in names})
                case ast.ImportFrom(module=source, names=names, level=level):
                    origin = source or "" if not level else f"{package}.{source}"
                    module.names.update({a.asname or a.name: f"{origin}.{a.name}" for a in names})
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    module.functions[".".join((*around, node.name))] = node
                    if of_class:
                        self.methods[node.name].append((module, ".".join((*around, node.name))))
                case ast.Call(func=ast.Attribute(attr="transaction"), args=[given, *_]):
                    self._found.append((module, around, given))
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                around, of_class = (*around, node.name), isinstance(node, ast.ClassDef)
            for child in ast.iter_child_nodes(node):
                visit(child, around, of_class=of_class)

        visit(ast.parse(path.read_text()), (), of_class=False)

    def _transaction(self, module: Module, around: tuple[str, ...], given: ast.expr, moving: set[Place]) -> Transaction:
        lies = ".".join((module.name, *around))
        match given:
            case ast.Name(id=name):
                path = f"{lies}.{name}"
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                path = f"{module.name}.{self._mine(module, around, name)}"
            case _:
                name, path = ".".join((module.name.rpartition(".")[2], *around)[-2:]), lies
        reached = self._reached(module, around, given)
        return Transaction(path, name, reached is None or bool(reached & moving))

    def _reached(self, module: Module, around: tuple[str, ...], node: ast.AST) -> set[Place] | None:
        """The functions that a piece of code names; None when it moves money or ends an order itself."""
        found: set[Place] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.keyword) and part.arg == "state" and ENDS & _attributes(part.value):
                return None
            for target, path in self._targets(module, around, part):
                if not target.name.startswith("bot.ledger"):
                    found.add((target.name, path))
                elif path in MOVES:
                    return None
        return found

    def _targets(self, module: Module, around: tuple[str, ...], node: ast.AST) -> Iterator[tuple[Module, str]]:
        """The functions that a name in the code may stand for."""
        match node:
            case ast.Name(id=name):
                for depth in range(len(around), -1, -1):  # a function inside, beside, at the top
                    path = ".".join((*around[:depth], name))
                    if path in module.functions:
                        yield module, path
                        return
                yield from self._named(module.names.get(name, ""))
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.names:
                yield from self._named(f"{module.names[owner]}.{name}")
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if self._mine(module, around, name):
                yield module, self._mine(module, around, name)
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name not in FOREIGN:
                yield from self._methods(owner, name)

    def _methods(self, owner: ast.expr, name: str) -> list[tuple[Module, str]]:
        found = self.methods.get(name, [])
        if len(found) < 2:
            return found
        called = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
        return [(module, path) for module, path in found if path.split(".")[-2].lower() == called.strip("_").lower()]

    @staticmethod
    def _mine(module: Module, around: tuple[str, ...], name: str) -> str:
        return next(
            (p for d in range(len(around), 0, -1) if (p := ".".join((*around[:d], name))) in module.functions), ""
        )

    def _named(self, path: str) -> Iterator[tuple[Module, str]]:
        """What a full path names, also by way of a package that passes it on."""
        place, _, name = path.rpartition(".")
        if place not in self.modules:
            return
        module = self.modules[place]
        if name in module.functions:
            yield module, name
        elif module.names.get(name, path) != path:
            yield from self._named(module.names[name])


def _attributes(node: ast.AST) -> set[str]:
    return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
