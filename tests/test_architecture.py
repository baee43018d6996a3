"""The architecture is what a machine can check of ARCHITECTURE.md: imports, sizes, names, and what may never appear."""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("core", "dashboard", "pages", "data")
ALL = (*PRODUCT, "tests")
LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 350, 60, 30
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "lib", "misc"}
PICKLE_FAMILY = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle", "pandas.io.pickle"}
SENDS = "dashboard/tracking/post.py"
"""Starts the one process that imports mlflow, by a command in which nothing comes from data."""
PLATFORMS = ("support.google.com", "developers.google.com", "developers.facebook.com", "www.facebook.com", "help.klaviyo.com")
"""Where platforms say what they want lists to look like; cited, never fetched."""
PICKLE_CALLS = {"read_pickle", "to_pickle"}


def sources(*folders: str, endings: tuple[str, ...] = (".py",)) -> list[Path]:
    """Our files in these folders; user data and caches lie in hidden or dunder folders and are none of ours."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.suffix in endings]
    parts = [(path, path.relative_to(ROOT).parts) for path in found]
    return [path for path, names in parts if not any(n.startswith((".", "__pycache__")) for n in names)]


def everything() -> list[Path]:
    """Every text file that the project holds."""
    beside = [path for path in ROOT.iterdir() if path.is_file() and path.suffix != ".png" and path.name != ".importlinter"]
    return [*beside, *sources(*ALL, "assets", "docs", endings=(".py", ".css", ".js", ".svg", ".md", ".json"))]


def trees(*folders: str) -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(ROOT)), tree_of(path)) for path in sources(*folders)]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(*folders: str) -> dict[str, int]:
    """Lines of every function, by place."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{place}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for place, tree in trees(*folders)
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


def imported(tree: ast.Module) -> set[str]:
    """Full names of imported modules, wherever in the file the import stands."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def loaded_by(module: str, *heavy: str) -> list[str]:
    """Which of these modules a fresh process holds after importing ``module``."""
    code = f"import sys, {module}; print(*[n for n in {heavy!r} if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.split()


# imports


def test_import_rules_are_kept():
    """`.importlinter` holds: core knows no web, steps never import one another, pages are apart, layers look down."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"NO_COLOR": "1"})
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_page_stands_in_the_independence_contract():
    """A new page is held apart from the others, too."""
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    assert re.search(r"^type = independence\nmodules =\n    pages\.\*$", contract, flags=re.MULTILINE)


def test_the_app_loads_without_what_only_jobs_need():
    """Pages are there quickly, and the web process cannot fit anything by accident."""
    heavy = ("sklearn", "scipy", "fastcluster", "xlsxwriter", "python_calamine", "celery", "pyarrow.parquet")
    assert loaded_by("dashboard.app", *heavy) == []


@pytest.mark.parametrize("module", ["core", "core.pipeline", "core.cli"])
def test_core_loads_without_the_web(module):
    """The command line works where no dashboard is installed."""
    assert loaded_by(module, "dash", "plotly", "flask", "diskcache", "werkzeug", "dashboard", "pages") == []


def test_only_jobs_and_the_command_line_call_the_pipeline():
    """Nothing is fitted in the web process: `core.pipeline` has two callers and what shows effects without a fit."""
    callers = {place for place, tree in trees("core", "dashboard", "pages") if "core.pipeline" in imported(tree)}
    jobs = {*(f"dashboard/jobs/{name}.py" for name in ("job", "segmenting", "handing_over")), *(f"core/cli/{name}.py" for name in ("asked", "compare", "features", "load", "progress", "replay", "scoring", "segment"))}
    own = {str(path.relative_to(ROOT)) for path in (ROOT / "core" / "pipeline").glob("*.py")}
    assert callers - jobs - own <= {"dashboard/components/preparation.py"}
    for place, tree in trees("dashboard/components", "pages"):
        called = {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                  and isinstance(node.func.value, ast.Name) and node.func.value.id == "pipeline"}  # fmt: skip
        assert called <= {"effect"}, place


# names and sizes


def test_no_file_is_named_after_nothing():
    """A folder or file says what it is about."""
    names = {part.split(".")[0] for path in everything() for part in path.relative_to(ROOT).parts}
    assert names & FORBIDDEN_NAMES == set()


def test_no_file_is_too_long():
    """A file that grows over 350 lines holds two things."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*ALL)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long():
    """A function fits on a screen."""
    assert {place: lines for place, lines in functions(*ALL).items() if lines > LONGEST_FUNCTION} == {}


def test_functions_are_short_as_a_rule():
    """Nine of ten functions of the product are under 30 lines, half of them about 10."""
    lengths = list(functions(*PRODUCT).values())
    assert statistics.median(lengths) <= 12
    assert sum(lines < USUAL_FUNCTION for lines in lengths) >= 0.9 * len(lengths)


# what may never appear


def test_nothing_loads_pickles():
    """No module that can run what it reads; numpy archives are read without objects."""
    for place, tree in trees(*PRODUCT):
        roots = {name.split(".")[0] for name in imported(tree)} | imported(tree)
        assert roots & PICKLE_FAMILY == set(), place
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                assert node.attr not in PICKLE_CALLS, place
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant) and node.value.value is False, place


def test_numpy_reads_say_that_objects_are_refused():
    """Every `np.load` says `allow_pickle=False` itself, whatever the default is."""
    for place, tree in trees(*PRODUCT):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load"):
                assert "allow_pickle" in {keyword.arg for keyword in node.keywords}, place


def test_nothing_from_data_is_run():
    """No eval, exec, query strings or shells in the product."""
    for place, tree in trees(*PRODUCT):
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert {"eval", "exec", "compile", "os.system", "os.popen"} & set(calls) == set(), place
        asked = [call for call in calls if call.endswith((".query", ".eval"))]
        trees_of_points = ("cKDTree(", "tree.query")
        assert [call for call in asked if not call.startswith(trees_of_points)] == [], place
        assert "subprocess" not in imported(tree) or place == SENDS, place


def test_no_swallowed_exceptions():
    """No bare `except:`, no handler that only passes over anything at all."""
    for place, tree in trees(*PRODUCT):
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            silent = all(isinstance(step, (ast.Pass, ast.Continue)) for step in node.body)
            assert node.type is not None and not (broad and silent), f"{place}:{node.lineno}"


def test_no_plans_in_comments():
    """What is not done is an issue, not a comment."""
    mark = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")))
    assert [f"{path.name}: {found[0]}" for path in everything() if (found := mark.findall(text(path)))] == []


def test_nothing_is_loaded_from_elsewhere():
    """Style sheets and scripts name no other host; in Python a remote address is only ever a link a person may follow."""
    for path in sources("assets", endings=(".css", ".js")):
        remote = re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", re.sub(r"/\*.*?\*/", "", text(path), flags=re.DOTALL))
        assert remote == [], path.name
        assert "@import" not in text(path), path.name
    for path in sources("assets", endings=(".svg",)):
        assert set(re.findall(r"https?://[\w./-]+", text(path))) <= {"http://www.w3.org/2000/svg"}, path.name
    # the name of the kind of document that a drawing is, never fetched
    named = "http://www.w3.org/2000/svg"
    hosts = {host for path in sources(*PRODUCT) for host in re.findall(r"https?://([\w.-]+)", text(path).replace(named, ""))}
    assert {host for host in hosts if host not in ("doi.org", "127.0.0.1", "localhost", *PLATFORMS)} == set()


def test_no_machine_paths():
    """Nothing depends on where the project lies or who built it."""
    mark = re.compile(r"(?<![\w.])/(?:home|Users|work|root|mnt|opt)/[\w.-]+|[A-Z]:\\Users")
    here = Path(__file__).name
    assert [f"{path.name}: {found[0]}" for path in everything() if path.name != here and (found := mark.findall(text(path)))] == []


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
