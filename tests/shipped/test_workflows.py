"""What runs on the server of the code host: its YAML is right and careful, and every line of its shell works."""

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

from tests.actions import WORKFLOWS, Machine, workflow
from tests.making import ROOT

NAMES: Final = ("ci.yml", "freshness.yml", "preview.yml", "release.yml")
SCRIPTS: Final = sorted(path.name for path in (ROOT / ".ci").iterdir())
FORMS: Final = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def steps(name: str) -> Iterator[dict[str, Any]]:
    for job in workflow(name)["jobs"].values():
        yield from job["steps"]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


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


# What it does


def release(machine: Machine, *before: str) -> bool:
    machine.answers = {
        "gh release list": {"out": "".join(f"{tag}\n" for tag in before)},
        "gh release download": {"files": {"manifest.json": "{}", "a.pdf": "%PDF-0"}},
        "gh release view": {"code": 1},
    }
    machine.known["vars.PAGE_URL"] = "https://example.org/g/"
    return machine.run("release.yml")


def test_a_first_release(machine: Machine) -> None:
    assert release(machine), machine.said
    asked = "release --out dist --url https://example.org/g/"
    assert machine.called("build.py") == [asked, asked]
    assert [line.split()[0] for line in machine.called("apt-get")] == ["update", "install"] * 2
    assert "5 files, the same in both" in machine.said
    create, upload, edit = machine.called("gh")[-3:]
    assert (
        create
        == "release create v2026.11.0 --draft --verify-tag --title v2026.11.0 --notes-file release-first/CHANGES.md"
    )
    assert upload.startswith("release upload v2026.11.0 --clobber taiyaku-v2026.11.0.zip ")
    files = ("CHANGES.md", "SHA256SUMS", "a.pdf", "index.html", "manifest.json")
    assert upload.split()[5:] == [f"release-first/{name}" for name in files]
    assert edit == "release edit v2026.11.0 --draft=false --latest"
    (attested,) = machine.called("attest")
    assert attested.split() == [
        *("CHANGES.md", "a.pdf", "index.html", "manifest.json", "read/a.html"),
        "taiyaku-v2026.11.0.zip",
    ]
    assert machine.calls[-1]["program"] == "pages"


def test_a_release_is_compared_with_the_last_one_but_never_with_itself(machine: Machine) -> None:
    assert release(machine, "v2026.11.0", "v2026.10.1", "v2026.10.0"), machine.said
    assert "the last release is v2026.10.1" in machine.said
    (download,) = [line for line in machine.called("gh") if line.startswith("release download")]
    assert download == "release download v2026.10.1 --dir previous --pattern manifest.json --pattern *.pdf"
    for place, line in zip(("first", "again"), machine.called("build.py"), strict=True):
        previous = machine.folder / "jobs" / f"build-{place}" / "previous"
        assert line == f"release --out dist --url https://example.org/g/ --since {previous}"


def test_a_draft_that_is_there_gets_its_files_again(machine: Machine) -> None:
    machine.answers = {"gh release list": {"out": "v2026.11.0\n"}, "gh release view": {"out": "true\n"}}
    assert machine.run("release.yml"), machine.said
    assert not [line for line in machine.called("gh") if line.startswith("release create")]
    assert machine.called("gh")[-1] == "release edit v2026.11.0 --draft=false --latest"


def published(machine: Machine, sums: str) -> bool:
    machine.answers = {
        "gh release list": {"out": "v2026.11.0\n"},
        "gh release view": {"out": "false\n"},
        "gh release download": {"files": {"SHA256SUMS": sums}},
    }
    went = machine.run("release.yml")
    written = [line for line in machine.called("gh") if line.split()[1] in ("create", "upload", "edit")]
    assert not written, "what people have printed is not touched"
    return went


def test_a_published_release_is_built_again_and_compared(machine: Machine, tmp_path: Path) -> None:
    draft = Machine(tmp_path / "draft", answers={"gh release view": {"out": "true\n"}})
    assert draft.run("release.yml"), draft.said
    sums = (draft.folder / "artifacts" / "release-first" / "SHA256SUMS").read_text(encoding="utf-8")
    assert published(machine, sums), machine.said
    assert "v2026.11.0 is published already, and its files are these" in machine.said


def test_a_published_release_is_never_replaced_by_another(machine: Machine) -> None:
    assert not published(machine, "0" * 64 + "  a.pdf\n")
    assert "give the new ones a new version" in machine.said


def test_hosts_and_the_address_of_the_project(machine: Machine) -> None:
    machine.known["vars.HOSTS"] = "one-university two-town"
    machine.environment["GITHUB_REPOSITORY"] = "Some-Group/Handouts"
    assert machine.run("release.yml"), machine.said
    asked = "release --out dist --url https://some-group.github.io/Handouts/ --host one-university --host two-town"
    assert machine.called("build.py") == [asked, asked]


def test_the_address_of_a_site_of_its_own(machine: Machine) -> None:
    machine.environment["GITHUB_REPOSITORY"] = "Group/group.github.io"
    assert machine.run("preview.yml"), machine.said
    assert machine.called("build.py") == ["release --out dist --url https://group.github.io/"]


def test_a_tag_that_is_no_guides_version_stops_at_once(machine: Machine) -> None:
    machine.known["github.ref_name"] = "v2026.12.0"
    assert not release(machine)
    assert "no guide has the version of the tag v2026.12.0" in machine.said
    assert not machine.called("build.py")


def test_two_builds_that_differ_are_not_published(machine: Machine, tmp_path: Path) -> None:
    first, second = (Machine(tmp_path / name, environment={"WEATHER": name}) for name in ("sun", "rain"))
    for one in (first, second):
        assert one.run("preview.yml"), one.said
    folders = [one.folder / "artifacts" / "preview" for one in (first, second)]
    command = (ROOT / ".ci" / "compare", *folders)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "two different releases: nothing is published" in done.stderr
    assert "a.pdf differ" in done.stdout
    same = subprocess.run(
        (ROOT / ".ci" / "compare", folders[0], folders[0]), capture_output=True, text=True, check=True
    )
    assert same.stdout == "5 files, the same in both\n"


def test_a_file_that_was_broken_on_the_way_is_not_published(machine: Machine) -> None:
    assert machine.run("preview.yml"), machine.said
    folder = machine.folder / "artifacts" / "preview"
    (folder / "a.pdf").write_text("half", encoding="utf-8")
    done = subprocess.run((ROOT / ".ci" / "compare", folder, folder), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "a.pdf: FAILED" in done.stdout


def test_a_preview_compares_with_the_last_release(machine: Machine) -> None:
    machine.answers = {
        "gh release list": {"out": "v2026.11.0\n"},
        "gh release download": {"files": {"manifest.json": "{}"}},
    }
    assert machine.run("preview.yml"), machine.said
    previous = "--since previous"
    assert machine.called("build.py") == [f"release --out dist {previous}"]
    assert (machine.folder / "artifacts" / "preview" / "index.html").is_file()


@pytest.mark.parametrize(
    ("status", "issue", "asked"),
    [
        (0, "", []),
        (0, "7", ["issue comment 7 --body-file", "issue close 7"]),
        (1, "", ["label create freshness --force", "issue create --label freshness --title"]),
        (1, "7", ["issue edit 7 --body-file"]),
    ],
)
def test_what_is_found_stands_in_one_issue(machine: Machine, status: int, issue: str, asked: list[str]) -> None:
    machine.environment |= {"STATUS": str(status), "REPORT": "# what is old\n"}
    machine.answers = {"gh issue list": {"out": f"{issue}\n" if issue else ""}}
    assert machine.run("freshness.yml"), machine.said
    assert machine.called("build.py") == ["freshness --links --markdown"]
    calls = machine.called("gh")[1:]
    assert len(calls) == len(asked)
    assert all(line.startswith(wanted) for line, wanted in zip(calls, asked, strict=True))
    assert all(one["file"] == "# what is old\n" for one in machine.calls if "file" in one)


@pytest.mark.parametrize(("status", "report"), [(3, "no network"), (1, "")])
def test_a_fault_of_the_machine_is_no_issue(machine: Machine, status: int, report: str) -> None:
    """Exit 1 without a report: the guide itself cannot be read."""
    machine.environment |= {"STATUS": str(status), "REPORT": report}
    assert not machine.run("freshness.yml")
    assert not machine.called("gh")
