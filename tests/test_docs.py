"""Documentation is held like code: what it names exists, what exists is named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from core.algorithms import ALGORITHMS
from core.cli import COMMANDS
from core.model import Recipe
from dashboard import settings

PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md")
OPTION = r"--[a-z]+(?:-[a-z]+)*"
# Below these, strangers can end processes, read other people's answers or smuggle requests.
SAFE = {"dash": "4.4.1", "flask": "3.1.3", "gunicorn": "23", "werkzeug": "3.1"}


@pytest.fixture(scope="module")
def read(project):
    return lambda name: (project / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def help_text(project) -> str:
    environ = os.environ | {"COLUMNS": "200", "LC_ALL": "C"}
    told = []
    for command in COMMANDS:
        asked = [sys.executable, "-m", "core", command, "--help"]
        told.append(subprocess.run(asked, cwd=project, env=environ, capture_output=True, text=True, check=True).stdout)
    return "\n".join(told)


def requirements(project: Path, *names: str) -> list[Requirement]:
    lines = [line for name in names for line in (project / name).read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def pins(project: Path) -> dict[str, Version]:
    found = requirements(project, "constraints.txt")
    assert all(str(one.specifier).startswith("==") for one in found)
    return {canonicalize_name(one.name): Version(str(one.specifier)[2:]) for one in found}


def section(text: str, title: str) -> str:
    """The part under a second-level heading, without the heading."""
    return re.split(r"^## ", text.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """The first cell of every row of the Markdown tables in ``text``, headings left out."""
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    heads = {before for before, line in zip(text.splitlines(), text.splitlines()[1:], strict=False) if line[:5] == "| ---"}
    return [row.split("|")[1].strip() for row in rows if row not in heads]


# commands


@pytest.mark.parametrize("page", PAGES)
def test_make_commands_exist(read, page):
    """Every `make x` a page names is a target of the Makefile, and every file target too."""
    targets = set(re.findall(r"^([\w.-]+):", read("Makefile"), flags=re.MULTILINE))
    named = re.findall(r"(?:^|`|and )make ([a-z.][\w.-]*)", read(page), flags=re.MULTILINE)
    assert set(named) <= targets


def test_the_two_commands_come_first(read):
    """The README's first screen holds the screenshot and the two commands."""
    screen = read("README.md").splitlines()[:15]
    assert any("docs/atlas.png" in line for line in screen)
    assert any(line.startswith("make run") for line in screen)
    assert any(line.startswith("make test") for line in screen)


def test_ci_runs_the_readme_command(read):
    """Continuous integration calls the README's test command and no other."""
    assert re.findall(r"^make .*$", read(".ci/run"), flags=re.MULTILINE) == ["make test"]


def test_every_option_is_described_and_every_described_option_exists(read, help_text):
    """README and `--help` name the same options."""
    told = section(read("README.md"), "On the command line")
    options = set(re.findall(OPTION, help_text)) - {"--help"}
    assert options
    assert {option for cell in first_cells(told) for option in re.findall(OPTION, cell)} == options


@pytest.mark.parametrize(
    ("option", "values"),
    [
        ("--algorithm", (*ALGORITHMS, "auto")),
        ("--scale", Recipe.OPTIONS["scaling"]),
        ("--outliers", Recipe.OPTIONS["outliers"]),
        ("--gaps", Recipe.OPTIONS["gaps"]),
    ],
)
def test_every_value_of_an_option_is_described(read, option, values):
    """The row of an option names all its values."""
    row = next(line for line in read("README.md").splitlines() if line.startswith(f"| `{option}"))
    assert all(f"`{value}`" in row for value in values)


def test_the_exit_statuses_agree(read, help_text):
    """README and `--help` give the same numbers the same meaning."""
    told = section(read("README.md"), "On the command line")
    for words in ("0 done", "2 wrong use", "3 a choice is needed", "4 a problem with the"):
        assert words in " ".join(told.split())
        assert words in " ".join(help_text.split())


# settings


def test_the_settings_table_is_the_one_the_code_makes(read):
    """The README shows every setting with its real default and sentence."""
    assert settings.table() in read("README.md")


# links and layout


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(project, read, page):
    """Every linked file exists, every linked heading too."""
    headings = {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", read(page), flags=re.M)}
    for target in re.findall(r"\]\(([^)]+)\)", read(page)):
        if target.startswith("https://"):
            continue
        name, _, heading = target.partition("#")
        assert not name or (project / page).parent.joinpath(name).exists(), target
        assert not heading or name or heading in headings, target


@pytest.mark.parametrize("page", PAGES)
def test_named_files_exist(project, read, page):
    """Paths written as code below our folders are real."""
    named = re.findall(r"`((?:core|dashboard|pages|assets|tests|data|docs)/[\w./-]*)`", read(page))
    ignored = {"data/.store/atlas.sqlite", "data/.store"}
    assert [name for name in named if name not in ignored and not (project / name).exists()] == []


def test_every_folder_is_described(project, read):
    """Each folder of ours, and each step of core, has its sentence in ARCHITECTURE.md."""
    told = set(first_cells(section(read("ARCHITECTURE.md"), "The folders")))
    tracked = {"core", "dashboard", "pages", "assets", "data", "docs", "tests"}
    inner = {f"{top}/{path.name}" for top in ("core", "dashboard") for path in (project / top).iterdir() if (path / "__init__.py").exists()}
    assert told == {f"`{name}/`" for name in tracked | inner}


def test_no_other_top_level_folder(project):
    """What git holds lies in the described folders, or is a file beside them."""
    listed = subprocess.run(["git", "ls-files"], cwd=project, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    tops = {name.split("/")[0] for name in listed.stdout.splitlines() if "/" in name}
    assert tops <= {"core", "dashboard", "pages", "assets", "data", "docs", "tests", ".ci"}


def test_the_changelog_has_its_form(read):
    """Keep a Changelog: unreleased first, then the version that the project says it has."""
    versions = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), flags=re.MULTILINE)
    own = re.search(r'^version = "(.+)"$', read("pyproject.toml"), flags=re.MULTILINE).group(1)
    assert versions[:2] == ["Unreleased", own]


# dependencies


def test_every_dependency_has_its_reason(project, read):
    """ARCHITECTURE.md gives one line to each requirement, and to nothing else."""
    told = first_cells(section(read("ARCHITECTURE.md"), "Dependencies, each with its reason"))
    asked = [one.name for one in requirements(project, "requirements.txt", "requirements-dev.txt", "requirements-spark.txt")]
    assert sorted(told, key=str.lower) == sorted(asked, key=str.lower)


def test_pins_lie_in_their_ranges(project):
    """Each requirement has an exact tested version, and its range is closed above."""
    pinned = pins(project)
    for one in requirements(project, "requirements.txt", "requirements-dev.txt", "requirements-spark.txt"):
        assert pinned[canonicalize_name(one.name)] in one.specifier, one.name
        assert "<" in {part.operator for part in one.specifier}, one.name


@pytest.mark.parametrize("name", SAFE)
def test_no_version_with_a_known_hole_is_let_in(project, name):
    """Neither the pin nor the lowest version of the range is below the first safe one."""
    asked = {canonicalize_name(one.name): one for one in requirements(project, "requirements.txt")}[name]
    lowest = [Version(part.version) for part in asked.specifier if part.operator == ">="]
    assert pins(project)[name] >= Version(SAFE[name])
    assert min(lowest) >= Version(SAFE[name])
