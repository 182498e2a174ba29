"""Who imports whom: training → evaluation → corpora → matcher ← service, and nothing the other way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "matcher": {"matcher"},
    "corpora": {"corpora", "matcher"},
    "evaluation": {"evaluation", "corpora", "matcher"},
    "training": {"training", "evaluation", "corpora", "matcher"},
    "service": {"service", "corpora", "matcher"},
}
# A pure library: what it needs from the world is handed to it.
NOT_IN_MATCHER = {"fastapi", "sqlalchemy", "sqlite3", "requests", "httpx", "httpx2", "typer", "rich", "pandas", "time"}
NEEDS_TORCH = {"torch", "transformers", "sentence_transformers"}


def _modules(package: str) -> Iterator[Path]:
    return (REPOSITORY / package).rglob("*.py")


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _roots(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if top_level_only:
        tree = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
    return {name.split(".")[0] for name in _imports(tree)}


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_those_below_it(package: str) -> None:
    wrong = {
        str(path.relative_to(REPOSITORY)): sorted(found)
        for path in _modules(package)
        if (found := (_roots(path) & set(MAY_IMPORT)) - MAY_IMPORT[package])
    }
    assert wrong == {}


def test_the_matcher_has_no_web_no_database_no_clock_and_no_environment() -> None:
    for path in _modules("matcher"):
        assert not _roots(path) & NOT_IN_MATCHER, path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not named & {"os.environ", "os.getenv", "datetime.now", "date.today"}, path


@pytest.mark.parametrize("package", ["matcher", "corpora", "service"])
def test_serving_needs_no_torch_until_a_hub_model_is_asked_for(package: str) -> None:
    wrong = {
        str(path.relative_to(REPOSITORY))
        for path in _modules(package)
        if _roots(path, top_level_only=True) & NEEDS_TORCH
    }
    assert wrong == set()


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_there_is_something_to_check_in_every_package(package: str) -> None:
    assert any(_modules(package))
