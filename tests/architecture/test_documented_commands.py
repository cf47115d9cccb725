"""Whatever a reader is told to type, set or open is there: commands with their options, targets, settings, pages."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask.cli import FlaskGroup

from portal import cli
from portal.config import KNOWN

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
    ]
)
DEPLOYED = sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file())
_COMMAND = re.compile(r"(?:\bflask(?: --app wsgi)?|(?:^ *|`|… )staffroom) ([a-z][^`|\n]*)", re.MULTILINE)
_OPTION = re.compile(r"--[a-z][a-z-]+")
_TARGET = re.compile(r"(?:`|^ *)make ([a-z][a-z-]+)", re.MULTILINE)
_MODULE = re.compile(r"python -m ((?:scripts|benchmarks)[\w.]*)")
_SETTING = re.compile(r"\b(?:STAFFROOM|DATABASE)_[A-Z0-9_]+[A-Z0-9]\b")
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]*)\)")
_PATH = re.compile(r"`((?:docs|deploy|portal|tests|scripts|benchmarks)/[\w./@-]+)`")
#: Addresses of the server's other roles, which the portal takes by these names as well.
_ADDRESSES = {
    *(
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_BACKUP_URL",
        "DATABASE_SUPPORT_URL",
        "DATABASE_ADMIN_URL",
    ),
}


class _Commands:
    """Takes what `init_app` adds, so that no portal has to be made to know its commands."""

    def __init__(self) -> None:
        self.cli = FlaskGroup()
        cli.init_app(self)


@pytest.fixture(scope="module")
def commands() -> click.Group:
    return _Commands().cli


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _find(group: click.Group, words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command that the first words name, and the words behind it."""
    found: click.Command | None = group
    while isinstance(found, click.Group):
        if not words or not re.fullmatch(r"[a-z][a-z-]*", words[0]):
            break
        found, words = found.commands.get(words[0]), words[1:]
    return found, words


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYED], ids=_name)
def test_each_command_of_the_portal_is_there_with_its_options(page, commands):
    for said in _COMMAND.findall(page.read_text()):
        alternatives = re.sub(r"\b([a-z-]+)\|([a-z|-]+)", r"\1", said)  # `company archive|restore-archive`
        words = alternatives.split("  ")[0].split()
        found, rest = _find(commands, words)
        assert found is not None, f"{_name(page)}: there is no `flask {said.strip()}`"
        known = {name for one in found.params for name in (*one.opts, *one.secondary_opts)}
        unknown = [one for one in _OPTION.findall(" ".join(rest)) if one not in known]
        assert not unknown, f"{_name(page)}: `flask {said.strip()}`: {unknown}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_each_target_module_and_file_is_there(page):
    text = page.read_text()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for target in _TARGET.findall(text):
        assert target in targets, f"{_name(page)}: there is no `make {target}`"
    for module in _MODULE.findall(text):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), (
            f"{_name(page)}: {module}"
        )
    for path in _PATH.findall(text):
        assert (ROOT / path).exists(), f"{_name(page)}: there is no {path}"


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYED], ids=_name)
def test_each_setting_is_one(page):
    beginnings = {name.rpartition("_")[0] for name in KNOWN}
    for name in _SETTING.findall(page.read_text()):
        assert name in KNOWN | _ADDRESSES | beginnings, f"{_name(page)}: {name} is not a setting"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_each_link_leads_to_a_page_and_to_a_heading_of_it(page):
    for link in _LINK.findall(page.read_text()):
        address, _, heading = link.partition("#")
        target = (page.parent / address).resolve() if address else page
        assert target.exists(), f"{_name(page)}: {link} leads nowhere"
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            known = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in titles}
            assert heading in known, f"{_name(page)}: {target.name} has no heading {heading}"
