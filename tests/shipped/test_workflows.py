"""What runs on the server of the code host: its YAML is right and careful, and so is every line of its shell."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.making import ROOT

WORKFLOWS: Final = ROOT / ".github" / "workflows"
NAMES: Final = ("ci.yml", "freshness.yml", "preview.yml", "release.yml")
SCRIPTS: Final = sorted(path.name for path in (ROOT / ".ci").iterdir())
FORMS: Final = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(WORKFLOWS / name)
    return read


def steps(name: str) -> Iterator[dict[str, Any]]:
    for job in workflow(name)["jobs"].values():
        yield from job["steps"]


def test_these_are_all() -> None:
    assert sorted(path.name for path in WORKFLOWS.iterdir()) == list(NAMES)


# What a file may look like


def follows(schema: str, *paths: Path) -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("schema", ["vendor.github-workflows", "custom.github-workflows-require-timeout"])
def test_follows_the_schema(schema: str) -> None:
    follows(schema, *(WORKFLOWS / name for name in NAMES))


def test_issue_forms_follow_the_schema() -> None:
    follows("vendor.github-issue-forms", *(path for path in FORMS if path.name != "config.yml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned_with_its_version_beside(name: str) -> None:
    """A tag can be moved to other code; a commit cannot."""
    used = [line for line in (WORKFLOWS / name).read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.fullmatch(r"\s*(?:- )?uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_one_action_has_one_version() -> None:
    pinned: dict[str, set[str]] = {}
    for name in NAMES:
        for line in re.findall(r"uses: (.+)", (WORKFLOWS / name).read_text(encoding="utf-8")):
            pinned.setdefault(line.split("@")[0], set()).add(line)
    assert all(len(versions) == 1 for versions in pinned.values()), pinned


@pytest.mark.parametrize("name", NAMES)
def test_least_permissions(name: str) -> None:
    """Each says what it may; writing is given to single jobs of what is not started by strangers."""
    read = workflow(name)
    assert read["permissions"] in ({}, {"contents": "read"})
    for job in read["jobs"].values():
        assert read["permissions"] or "permissions" in job
        writes = {scope for scope, level in job.get("permissions", {}).items() if level == "write"}
        assert not writes or name in ("release.yml", "freshness.yml")
        assert "container" not in job or not writes, "what builds may publish nothing"


def test_who_may_write_what() -> None:
    release, freshness = workflow("release.yml")["jobs"], workflow("freshness.yml")["jobs"]
    assert release["build"]["permissions"] == release["previous"]["permissions"] == {"contents": "read"}
    assert release["publish"]["permissions"] == {"contents": "write", "id-token": "write", "attestations": "write"}
    assert release["page"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert freshness["freshness"]["permissions"] == {"contents": "read", "issues": "write"}


@pytest.mark.parametrize("name", NAMES)
def test_careful(name: str) -> None:
    read = workflow(name)
    assert read["concurrency"]["group"]
    assert "pull_request_target" not in read["on"], "it would run what strangers wrote, with our rights"
    for step in steps(name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "${{" not in step.get("run", ""), "others could write a script with it: give it by env"


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_whole(name: str) -> None:
    script = ROOT / ".ci" / name
    assert script.stat().st_mode & stat.S_IXUSR
    first, second = script.read_text(encoding="utf-8").split("\n")[:2]
    assert first == "#!/usr/bin/env bash"
    assert second.startswith("# ")
    assert "\nset -euo pipefail\n" in script.read_text(encoding="utf-8")
    done = subprocess.run(("bash", "-n", script), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def judged(program: str, *arguments: str, text: str = "") -> tuple[int, str]:
    """Run a program of the environment that the tests run in."""
    command = (str(Path(sys.executable).parent / program), *arguments)
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def shellcheck(script: str) -> tuple[int, str]:
    return judged("shellcheck", "--shell=bash", "--severity=style", "-", text=script)


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_has_nothing_to_say_of_a_script(name: str) -> None:
    assert shellcheck((ROOT / ".ci" / name).read_text(encoding="utf-8")) == (0, "")


@pytest.mark.parametrize("name", NAMES)
def test_shellcheck_has_nothing_to_say_of_a_step(name: str) -> None:
    scripts = [step["run"] for step in steps(name) if "run" in step]
    assert scripts
    for script in scripts:
        assert shellcheck(script) == (0, "")


def test_shellcheck_reads_what_it_is_given() -> None:
    code, said = shellcheck("cp $from to")
    assert code == 1
    assert "SC2086" in said


@pytest.mark.parametrize("name", NAMES)
def test_zizmor_has_nothing_to_say(name: str) -> None:
    code, said = judged("zizmor", "--offline", "--no-progress", f".github/workflows/{name}")
    assert code == 0, said


def test_zizmor_finds_what_it_should(tmp_path: Path) -> None:
    moved = re.sub(r"@[0-9a-f]{40} #.*", "@v5", (WORKFLOWS / "ci.yml").read_text(encoding="utf-8"))
    (tmp_path / "ci.yml").write_text(moved, encoding="utf-8")
    code, said = judged("zizmor", "--offline", "--no-progress", str(tmp_path / "ci.yml"))
    assert code != 0
    assert "unpinned-uses" in said


@pytest.mark.parametrize("name", NAMES)
def test_actionlint_has_nothing_to_say(name: str) -> None:
    """Its wheel fetches the program from the code host: ci.yml installs it, the lock file does not have it."""
    program = os.environ.get("TAIYAKU_ACTIONLINT") or shutil.which("actionlint")
    if not program:
        pytest.skip("actionlint is not installed: name it in TAIYAKU_ACTIONLINT")
    file = f".github/workflows/{name}"
    done = subprocess.run((program, file), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
