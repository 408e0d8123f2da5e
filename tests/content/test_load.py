"""Reading content/: every finding of ``load`` with its exact words, and what is read at all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from taiyaku.content import theme
from taiyaku.content.load import guides, load_guide, load_host
from taiyaku.content.shelf import MOST_TEXT
from taiyaku.content.theme import check_strings, load_theme
from taiyaku.model.content import Content, Role
from taiyaku.model.findings import Finding, errors, format_finding
from taiyaku.model.wordings import WORDINGS
from taiyaku.own_files import own_file
from tests.making import ROOT, told
from tests.making import tiny_guide as make_guide

JA: Final = "ja/01-start.md"
LOGO: Final = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
HOST: Final = 'name = { ja = "大学" }\n'

Change = Callable[[Path], object]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return make_guide(tmp_path)


def load(content: Path) -> Content:
    """Load the tiny guide, which has no fault."""
    loaded = load_guide(content, "mini")
    assert loaded.findings == ()
    assert loaded.content is not None
    return loaded.content


def swap(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def swapped(name: str, old: str, new: str) -> Change:
    return lambda content: swap(content / name, old, new)


def added(name: str, more: str) -> Change:
    def change(content: Path) -> None:
        file = content / name
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")

    return change


def removed(name: str) -> Change:
    return lambda content: (content / name).unlink()


# Every code of load, word for word

GUIDE_KEYS: Final = (
    "cover, date, host_language, languages, layout, max_source_age_days, pages, pairs, source, subtitle, title, "
    "translations, version"
)
MENDED: Final = "  hint: mend the line; strings stand in double quotes"
CORRECTED: Final = "  hint: correct the value"

NOTHING_OUTSIDE: Final = "  hint: put what it leads to in its place: nothing outside is read"
DANGLING: Final = "  hint: put the file in its place, or remove the link"
NO_NAME: Final = "it begins or ends with a mark, or holds one that means something in a path, a log or a shell"


def replaced_by_link(name: str, target: str) -> Change:
    """Put a link in the place of a file; outside the content folder lies one that must not be told."""

    def change(content: Path) -> None:
        (content.parent / "outside").mkdir()
        (content.parent / "outside" / "secret").write_text("TOKEN = hidden\n", encoding="utf-8")
        (content / name).unlink(missing_ok=True)
        (content / name).symlink_to(target)

    return change


def in_place_of(name: str, make: Callable[[Path], None]) -> Change:
    def change(content: Path) -> None:
        (content / name).unlink()
        make(content / name)

    return change


GUIDES: Final[dict[str, tuple[Change, list[str]]]] = {
    "load.file: guide.toml": (
        removed("mini/guide.toml"),
        ["content/mini/guide.toml: error: this file is missing [load.file]", "  hint: every guide has one"],
    ),
    "load.file: a chapter": (
        removed(f"mini/{JA}"),
        [
            f"content/mini/{JA}: error: this file is missing [load.file]",
            "  hint: translate content/mini/zh-Hans/01-start.md, or remove it",
        ],
    ),
    "load.file: a checklist": (
        removed("mini/zh-Hans/checklists/todo.md"),
        [
            "content/mini/zh-Hans/checklists/todo.md: error: this file is missing [load.file]",
            "  hint: translate content/mini/ja/checklists/todo.md, or remove it",
        ],
    ),
    "load.utf8": (
        lambda content: (content / "mini" / JA).write_bytes("# あ\n\n".encode() + b"\x83\x60"),
        [f"content/mini/{JA}:3: error: the file is not UTF-8 (byte 7) [load.utf8]", "  hint: save it as UTF-8"],
    ),
    "load.utf8: guide.toml": (
        lambda content: (content / "mini" / "guide.toml").write_bytes(b"\xff"),
        ["content/mini/guide.toml:1: error: the file is not UTF-8 (byte 0) [load.utf8]", "  hint: save it as UTF-8"],
    ),
    "load.toml": (
        added("mini/sources.toml", "\n[law]\n"),
        [
            "content/mini/sources.toml:8: error: the TOML cannot be read: Cannot declare ('law',) twice [load.toml]",
            MENDED,
        ],
    ),
    "load.toml: the end of the file": (
        added("mini/guide.toml", "cover = "),
        ["content/mini/guide.toml:9: error: the TOML cannot be read: Invalid value [load.toml]", MENDED],
    ),
    "load.key": (
        added("mini/guide.toml", 'colour = "red"\n'),
        [
            "content/mini/guide.toml:9: error: unknown key `colour` [load.key]",
            f"  hint: known keys are: {GUIDE_KEYS}",
        ],
    ),
    "load.key: a source": (
        swapped("mini/sources.toml", "[law]", 'colour = "red"\n\n[law]'),
        [
            "content/mini/sources.toml:1: error: unknown key `colour` [load.key]",
            "  hint: known keys are: [colour] tables, one a source",
        ],
    ),
    "load.key: a term": (
        added("mini/glossary.toml", 'en = "identity check"\n'),
        [
            "content/mini/glossary.toml:5: error: unknown key `check.en` [load.key]",
            "  hint: known keys are: zh-Hans, ja, reading",
        ],
    ),
    "load.value: a date": (
        swapped("mini/guide.toml", "date      = 2026-11-22", 'date = "soon"'),
        [
            "content/mini/guide.toml:8: error: `date`: "
            "input should be a valid date or datetime, input is too short [load.value]",
            CORRECTED,
        ],
    ),
    "load.value: an address": (
        swapped("mini/sources.toml", "https://", "ftp://"),
        [
            r"content/mini/sources.toml:4: error: `law.url`: string should match pattern '^https?://\S+$' [load.value]",
            CORRECTED,
        ],
    ),
    "load.value: no words": (
        swapped("mini/guide.toml", 'ja = "最初の週にすること"', 'ja = " "'),
        ["content/mini/guide.toml:2: error: `subtitle.ja`: this language has no words [load.value]", CORRECTED],
    ),
    "load.value: no title of a source": (
        swapped("mini/sources.toml", '{ ja = "電話の法律", en = "The phone law" }', "{}"),
        ["content/mini/sources.toml:2: error: `law.title`: no language has words [load.value]", CORRECTED],
    ),
    "load.value: no word for a term": (
        swapped("mini/glossary.toml", 'ja = "本人確認"\n', ""),
        [
            "content/mini/glossary.toml:1: error: `check.ja`: the term has no word in this language [load.value]",
            CORRECTED,
        ],
    ),
    "load.value: a reading": (
        swapped("mini/glossary.toml", '"ほんにんかくにん"', "5"),
        ["content/mini/glossary.toml:4: error: `check.reading`: the reading is not a text [load.value]", CORRECTED],
    ),
    "load.value: the source language": (
        swapped("mini/guide.toml", 'source    = "zh-Hans"', 'source = "en"'),
        ["content/mini/guide.toml:3: error: `source`: `en` is not among the languages [load.value]", CORRECTED],
    ),
    "load.value: the host's language": (
        swapped("mini/guide.toml", 'host_language = "ja"', 'host_language = "en"'),
        ["content/mini/guide.toml:6: error: `host_language`: `en` is not among the languages [load.value]", CORRECTED],
    ),
    "load.value: a pair twice": (
        swapped("mini/guide.toml", 'pairs     = [["zh-Hans", "ja"]]', 'pairs = [["ja"], ["zh-Hans", "ja"], ["ja"]]'),
        ["content/mini/guide.toml:5: error: `pairs`: ja is there twice [load.value]", CORRECTED],
    ),
    "load.language": (
        swapped("mini/guide.toml", '["zh-Hans", "ja"]\npairs', '["zh-Hans", "ja", "jp_JP"]\npairs'),
        [
            "content/mini/guide.toml:4: error: `jp_JP` is not a language tag [load.language]",
            "  hint: use a BCP 47 tag such as zh-Hans, ja or en",
        ],
    ),
    "load.language: a title": (
        swapped("mini/guide.toml", "title     = {", 'title     = { klingonese = "tlhIngan", '),
        [
            "content/mini/guide.toml:1: error: `klingonese` is not a language tag [load.language]",
            "  hint: use a BCP 47 tag such as zh-Hans, ja or en",
        ],
    ),
    "load.pair": (
        swapped("mini/guide.toml", 'pairs     = [["zh-Hans", "ja"]]', 'pairs = [["zh-Hans", "ja"], ["en", "ja"]]'),
        [
            "content/mini/guide.toml:5: error: the pair en+ja names `en`, which is not among the languages [load.pair]",
            "  hint: add it to `languages`",
        ],
    ),
    "load.no-chapters": (
        lambda content: (removed("mini/zh-Hans/01-start.md")(content), removed(f"mini/{JA}")(content)),
        ["content/mini: error: the guide has no chapter [load.no-chapters]", "  hint: add zh-Hans/01-name.md"],
    ),
    "load.lock": (
        lambda content: (content / "mini/translations.lock").write_text("format 1\n\nmine\n", encoding="utf-8"),
        [
            "content/mini/translations.lock:3: error: this line was not written by `accept`: "
            "it belongs to no file [load.lock]",
            "  hint: undo the change, or write the file anew: python3 build.py accept GUIDE",
        ],
    ),
    "load.name": (
        lambda content: (content / "mini/zh-Hans/checklists/--help.md").write_text("# 题\n", encoding="utf-8"),
        [
            f"content/mini/zh-Hans/checklists/--help.md: error: `--help` cannot be a name here: {NO_NAME} [load.name]",
            "  hint: rename it: letters, digits, hyphens; it becomes part of file names",
        ],
    ),
    "load.name: a line break": (
        lambda content: (content / "mini/ja/02\n::error::x.md").write_text("# 題\n", encoding="utf-8"),
        [
            "content/mini/ja/02\\x0a::error::x.md: error: "
            f"`02\\x0a::error::x` cannot be a name here: {NO_NAME} [load.name]",
            "  hint: rename it: letters, digits, hyphens; it becomes part of file names",
        ],
    ),
    "load.outside": (
        replaced_by_link("mini/sources.toml", "../../outside/secret"),
        ["content/mini/sources.toml: error: a link leads out of the content folder [load.outside]", NOTHING_OUTSIDE],
    ),
    "load.outside: the lock": (
        replaced_by_link("mini/translations.lock", "../../outside/secret"),
        [
            "content/mini/translations.lock: error: a link leads out of the content folder [load.outside]",
            NOTHING_OUTSIDE,
        ],
    ),
    "load.outside: a device": (
        replaced_by_link("mini/glossary.toml", "/dev/zero"),
        ["content/mini/glossary.toml: error: a link leads out of the content folder [load.outside]", NOTHING_OUTSIDE],
    ),
    "load.outside: figures": (
        replaced_by_link("mini/figures", "/usr"),
        ["content/mini/figures: error: a link leads out of the content folder [load.outside]", NOTHING_OUTSIDE],
    ),
    "load.dangling": (
        replaced_by_link("mini/ja/checklists/todo.md", "none.md"),
        ["content/mini/ja/checklists/todo.md: error: a link leads nowhere [load.dangling]", DANGLING],
    ),
    "load.kind": (
        in_place_of("mini/guide.toml", os.mkfifo),
        [
            "content/mini/guide.toml: error: this is a pipe, and a file belongs here [load.kind]",
            "  hint: move it away, or put a file in its place",
        ],
    ),
    "load.kind: a folder": (
        in_place_of(f"mini/{JA}", Path.mkdir),
        [
            f"content/mini/{JA}: error: this is a folder, and a file belongs here [load.kind]",
            "  hint: move it away, or put a file in its place",
        ],
    ),
    "load.large": (
        lambda content: (content / "mini" / JA).write_bytes(b"# a\n\n" + b"a " * MOST_TEXT),
        [f"content/mini/{JA}: error: the file has more than 1024 KiB [load.large]", "  hint: make it smaller"],
    ),
    "load.read": (
        replaced_by_link("mini/guide.toml", "guide.toml"),
        [
            "content/mini/guide.toml: error: this cannot be read: Too many levels of symbolic links [load.read]",
            "  hint: let yourself read it, or remove it",
        ],
    ),
    **{
        f"load.language: {tag}": (
            swapped("mini/guide.toml", "title     = {", f'title     = {{ "{written}" = "x", '),
            [
                f"content/mini/guide.toml:1: error: `{written}` is not a language tag [load.language]",
                "  hint: use a BCP 47 tag such as zh-Hans, ja or en",
            ],
        )
        for tag, written in (
            ("a path", "en./../../x"),
            ("a modifier", "en@currency=x"),
            ("a selector", "en.) { } * { color: red"),
        )
    },
}


@pytest.mark.parametrize(("change", "lines"), GUIDES.values(), ids=GUIDES.keys())
def test_guide(content: Path, change: Change, lines: list[str]) -> None:
    change(content)
    (finding,) = load_guide(content, "mini").findings
    assert format_finding(finding).splitlines() == lines
    assert errors([finding])


HOSTS: Final = {
    "load.host": (
        "nobody",
        ["content/hosts: error: there is no host `nobody` [load.host]", "  hint: the hosts are: school, university"],
    ),
    "load.host: a path": (
        "../hosts/school",
        [
            "content/hosts: error: there is no host `../hosts/school` [load.host]",
            "  hint: the hosts are: school, university",
        ],
    ),
    "load.key: a host": (
        "school",
        [
            "content/hosts/school/host.toml:2: error: unknown key `colour` [load.key]",
            "  hint: known keys are: colors, desk, event, hours, logo, name, phone, url",
        ],
    ),
}


@pytest.fixture
def hosts(content: Path) -> Path:
    for name, text in (("university", HOST), ("school", HOST + 'colour = "red"\n')):
        (content / "hosts" / name).mkdir(parents=True)
        (content / "hosts" / name / "host.toml").write_text(text, encoding="utf-8")
    return content


@pytest.mark.parametrize(("name", "lines"), HOSTS.values(), ids=HOSTS.keys())
def test_host(hosts: Path, name: str, lines: list[str]) -> None:
    loaded = load_host(hosts, name)
    (finding,) = loaded.findings
    assert format_finding(finding).splitlines() == lines
    assert (loaded.host, loaded.logo) == (None, b"")


NAMES: Final = {
    "a selector in a language": (
        'name = { ja = "大学", "en.){}*" = "x" }\n',
        "content/hosts/school/host.toml:1: error: `en.){}*` is not a language tag [load.language]",
    ),
    "a logo that is a pipe": (
        f'{HOST}logo = "pipe.svg"\n',
        "content/hosts/school/pipe.svg: error: this is a pipe, and a file belongs here [load.kind]",
    ),
    "a logo with a NUL": (
        f'{HOST}logo = "a\\u0000.svg"\n',
        "content/hosts/school/host.toml:2: error: the picture `a\\x00.svg` does not exist [figure.missing]",
    ),
}


@pytest.mark.parametrize(("text", "line"), NAMES.values(), ids=NAMES.keys())
def test_what_a_host_names_is_looked_at(hosts: Path, text: str, line: str) -> None:
    os.mkfifo(hosts / "hosts" / "school" / "pipe.svg")
    (hosts / "hosts" / "school" / "host.toml").write_text(text, encoding="utf-8")
    assert told(load_host(hosts, "school").findings) == [line]


@pytest.mark.parametrize("name", ["letter", "-x", "a\u202eb"], ids=["a paper", "an option", "from right to left"])
def test_a_host_may_not_be_called_so(hosts: Path, name: str) -> None:
    (hosts / "hosts" / "school").rename(hosts / "hosts" / name)
    loaded = load_host(hosts, name)
    assert [finding.code for finding in loaded.findings] == ["load.name"]
    assert loaded.host is None


def test_no_host_at_all(content: Path) -> None:
    (finding,) = load_host(content, "nobody").findings
    assert format_finding(finding).splitlines()[1] == "  hint: the hosts are: none"


@pytest.mark.parametrize(
    ("logo", "message"),
    [
        ("logo.svg", ""),
        ("none.svg", "the picture `none.svg` does not exist [figure.missing]"),
        ("../school/host.toml", "the picture `../school/host.toml` lies outside the guide [figure.outside]"),
        ("/etc/hostname", "the picture `/etc/hostname` lies outside the guide [figure.outside]"),
    ],
)
def test_logo(hosts: Path, logo: str, message: str) -> None:
    folder = hosts / "hosts" / "university"
    (folder / "logo.svg").write_bytes(LOGO)
    (folder / "host.toml").write_text(f'{HOST}logo = "{logo}"\n', encoding="utf-8")
    loaded = load_host(hosts, "university")
    place = "content/hosts/university/host.toml:2: error: "
    assert told(loaded.findings) == ([place + message] if message else [])
    assert loaded.logo == (b"" if message else LOGO)


def strings_findings(content: Path) -> tuple[Finding, ...]:
    loaded = load_theme(content)
    return (*loaded.findings, *check_strings(loaded.theme, load(content).guide.languages, "content"))


def test_a_guide_may_leave_out_its_sources_and_its_glossary(content: Path) -> None:
    for name in ("sources.toml", "glossary.toml"):
        (content / "mini" / name).unlink()
    loaded = load_guide(content, "mini")
    assert loaded.findings == () and loaded.content is not None
    assert (loaded.content.sources, loaded.content.glossary) == ({}, ())


def test_a_folder_without_words_is_given_the_programs_own(content: Path) -> None:
    shutil.rmtree(content / "strings")
    assert strings_findings(content) == ()
    assert load_theme(content).theme.strings["ja"].contents == "目次"


def test_a_projects_words_are_put_over_the_programs_key_by_key(content: Path) -> None:
    (content / "strings" / "ja.toml").write_text('contents = "もくじ"\n[page]\nchoose = "えらぶ"\n', encoding="utf-8")
    assert strings_findings(content) == ()
    words, ours = (load_theme(one).theme.strings["ja"] for one in (content, ROOT / "content"))
    assert (words.contents, words.sources) == ("もくじ", ours.sources)
    assert words.page is not None and ours.page is not None
    assert words.page.choose == "えらぶ"
    assert words.page.model_copy(update={"choose": ours.page.choose}) == ours.page


def test_a_projects_templates_and_styles_replace_ours_file_by_file(content: Path) -> None:
    ours = load_theme(content).theme
    (content.parent / "styles" / "icons").mkdir(parents=True)
    (content.parent / "styles" / "icons" / "tip.svg").write_bytes(LOGO)
    (content.parent / "templates").mkdir()
    (content.parent / "templates" / "checklist.html.jinja").write_text("<p>其他</p>", encoding="utf-8")
    theme = load_theme(content).theme
    assert theme.styles == {**ours.styles, "icons/tip.svg": LOGO}
    assert theme.templates == {**ours.templates, "checklist.html.jinja": "<p>其他</p>"}


def test_a_template_that_cannot_be_read_is_a_finding(content: Path) -> None:
    (content.parent / "templates").mkdir()
    (content.parent / "templates" / "checklist.html.jinja").write_bytes(b"<p>\n\xff")
    assert told(load_theme(content).findings) == [
        "templates/checklist.html.jinja:2: error: the file is not UTF-8 (byte 4) [load.utf8]"
    ]


@pytest.fixture
def no_own_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A language that the program has no words for stands alone."""
    monkeypatch.setattr(theme, "own_file", lambda name: tmp_path / "none" if name == "strings" else own_file(name))


@pytest.mark.usefixtures("no_own_words")
def test_strings_that_are_missing(content: Path) -> None:
    """load.strings."""
    (content / "strings" / "ja.toml").unlink()
    (finding,) = strings_findings(content)
    assert format_finding(finding).splitlines() == [
        "content/strings/ja.toml: error: the words for `ja` are missing [load.strings]",
        "  hint: copy content/strings/en.toml and translate it",
    ]


def test_strings_that_ask_for_what_is_not_known(content: Path) -> None:
    path = content / "strings" / "ja.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("{before}", "{befor}", 1), encoding="utf-8")
    said = "error: `changes.since`: value error, `{befor}` is not known here; write {before} or {now} [load.value]"
    assert any(line.endswith(said) for line in told(strings_findings(content)))


LATER_WORDS: Final = ("said", "said_changed", "said_more", "said_less", "said_new", "said_gone", "unknown")


@pytest.mark.usefixtures("no_own_words")
def test_strings_that_were_written_before_a_word_was_asked_for(content: Path) -> None:
    """Folders of other people are older than the program: what they say is as right as it was."""
    path = content / "strings" / "ja.toml"
    before, mark, rest = path.read_text(encoding="utf-8").partition("[changes]")
    section, behind, others = rest.partition("\n[")
    lines = section.splitlines()
    older = [line for line in lines if line.split("=")[0].strip() not in LATER_WORDS]
    assert len(lines) - len(older) == len(LATER_WORDS)
    path.write_text("".join((before, mark, "\n".join(older), behind, others)), encoding="utf-8")
    assert strings_findings(content) == ()
    words = load_theme(content).theme.strings["ja"].changes
    assert words is not None
    assert words.said_changed.format(n=3) == "± 3"


@pytest.mark.usefixtures("no_own_words")
def test_strings_that_lack_a_word(content: Path) -> None:
    swap(content / "strings" / "ja.toml", "contents", "content")
    told_lines = told(strings_findings(content))
    assert told_lines == [
        "content/strings/ja.toml: error: `contents`: field required [load.value]",
        "content/strings/ja.toml:2: error: unknown key `content` [load.key]",
    ]


@pytest.mark.usefixtures("no_own_words")
@pytest.mark.parametrize("text", ["", "# translate me\n"], ids=["no byte", "a comment"])
def test_strings_that_are_empty(content: Path, text: str) -> None:
    """An empty file is read like any other: each word is missing, and nothing breaks later."""
    (content / "strings" / "ja.toml").write_text(text, encoding="utf-8")
    assert {finding.code for finding in strings_findings(content)} == {"load.value"}


def test_guide_that_is_empty(content: Path) -> None:
    (content / "mini" / "guide.toml").write_text("", encoding="utf-8")
    loaded = load_guide(content, "mini")
    assert loaded.content is None
    assert told(loaded.findings)[0] == "content/mini/guide.toml: error: `title`: field required [load.value]"


def test_host_that_cannot_be_read_is_told_once(hosts: Path) -> None:
    (hosts / "hosts" / "school" / "host.toml").write_text("name = {", encoding="utf-8")
    (finding,) = load_host(hosts, "school").findings
    assert finding.code == "load.toml"


def test_a_guide_without_a_lock_has_accepted_nothing(content: Path) -> None:
    assert load(content).accepted is None
    (content / "mini" / "translations.lock").write_text("format 1\n", encoding="utf-8")
    assert load(content).accepted == {}


def test_a_lock_that_is_not_utf8(content: Path) -> None:
    (content / "mini" / "translations.lock").write_bytes(b"format 1\n\xff\n")
    loaded = load_guide(content, "mini")
    assert told(loaded.findings) == [
        "content/mini/translations.lock:2: error: the file is not UTF-8 (byte 9) [load.utf8]"
    ]
    assert loaded.content is not None and loaded.content.accepted is None


def test_every_code_of_load_is_tested() -> None:
    codes = {key.partition(":")[0] for key in (*GUIDES, *HOSTS)} | {"load.strings"}
    usage = {"load.guide"}  # an unknown guide is a usage error: tests/cli/test_commands.py
    assert codes == {code for code in WORDINGS if code.startswith("load.")} - usage


# What is read


def test_manuscripts_come_in_order(content: Path) -> None:
    for tag in ("zh-Hans", "ja"):
        (content / "mini" / tag / "02-more.md").write_text("# 題\n", encoding="utf-8")
        (content / "mini" / tag / "notes.txt").write_text("not a chapter", encoding="utf-8")
    loaded = load(content)
    assert loaded.names(Role.CHAPTER) == ("01-start", "02-more")
    assert loaded.names(Role.CHECKLIST) == ("todo",)
    assert [(one.path, one.language) for one in loaded.manuscripts if one.name == "02-more"] == [
        ("content/mini/zh-Hans/02-more.md", "zh-Hans"),
        ("content/mini/ja/02-more.md", "ja"),
    ]


@pytest.mark.parametrize("name", ["01-第一週", "07-don't sign (案)", "1号館", "ขั้นตอน", "_a.b+c"])
def test_a_chapter_may_be_called_in_any_script(content: Path, name: str) -> None:
    for tag in ("zh-Hans", "ja"):
        (content / "mini" / tag / f"{name}.md").write_text("# 題\n", encoding="utf-8")
    assert name in load(content).names(Role.CHAPTER)


@pytest.mark.parametrize("target", ["none.md", "02-more.md", "/dev/null", "."])
def test_a_chapter_that_is_no_file_in_any_language_is_not_left_out(content: Path, target: str) -> None:
    """A link that leads nowhere, to itself, to a device, to a folder."""
    for tag in ("zh-Hans", "ja"):
        (content / "mini" / tag / "02-more.md").symlink_to(target)
    findings = load_guide(content, "mini").findings
    assert [finding.place.path for finding in findings] == [
        f"content/mini/{tag}/02-more.md" for tag in ("zh-Hans", "ja")
    ]
    assert len(errors(findings)) == 2


def test_links_that_lead_inside_are_followed(content: Path) -> None:
    (content / "mini" / "ja" / "01-start.md").rename(content / "shared.md")
    (content / "mini" / "ja" / "01-start.md").symlink_to("../../shared.md")
    assert any(one.path.endswith("ja/01-start.md") for one in load(content).manuscripts)


def test_a_whole_language_by_a_link_is_not_read(content: Path) -> None:
    (content / "mini" / "ja").rename(content.parent / "elsewhere")
    (content / "mini" / "ja").symlink_to("../../elsewhere")
    loaded = load_guide(content, "mini")
    assert {(finding.code, finding.place.path.startswith("content/mini/ja")) for finding in loaded.findings} == {
        ("load.outside", True)
    }
    assert loaded.content is not None
    assert {one.language for one in loaded.content.manuscripts} == {"zh-Hans"}


def test_strings_by_a_link_are_not_read(content: Path) -> None:
    (content / "strings").rename(content.parent / "words")
    (content / "strings").symlink_to("../words")
    assert told(load_theme(content).findings) == [
        "content/strings: error: a link leads out of the content folder [load.outside]"
    ]


def test_what_emacs_leaves_beside_an_open_file_is_no_chapter(content: Path) -> None:
    (content / "mini" / "ja" / ".#01-start.md").symlink_to("me@here.1234")
    assert load(content).names(Role.CHAPTER) == ("01-start",)


def test_fonts_beside_pictures_are_known_and_not_read(content: Path) -> None:
    (content / "mini" / "figures").mkdir()
    (content / "mini" / "figures" / "a.ttf").write_bytes(b"a font")
    assert load(content).figures == {"figures/a.ttf": b""}


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_and_byte_order_mark(end: str, content: Path) -> None:
    (content / "mini" / JA).write_bytes(f"\ufeff# 題{end}{end}文。{end}".encode())
    (text,) = (one.text for one in load(content).manuscripts if one.path.endswith(JA))
    assert text == "# 題\n\n文。\n"


def test_figures(content: Path) -> None:
    figures = content / "mini" / "figures"
    (figures / "deep").mkdir(parents=True)
    (figures / "deep" / "a.svg").write_bytes(LOGO)
    (figures / "inside.svg").symlink_to(figures / "deep" / "a.svg")
    (figures / "README.md").write_text("origins", encoding="utf-8")
    assert load(content).figures == {"figures/deep/a.svg": LOGO, "figures/inside.svg": LOGO}


def test_a_link_out_of_the_guide_is_not_read(content: Path) -> None:
    (content / "mini" / "figures").mkdir()
    (content / "mini" / "figures" / "link.svg").symlink_to(content / "strings" / "ja.toml")
    loaded = load_guide(content, "mini")
    (finding,) = loaded.findings
    assert format_finding(finding).splitlines() == [
        "content/mini/figures/link.svg: error: the picture `figures/link.svg` lies outside the guide [figure.outside]",
        "  hint: put it into content/mini/figures",
    ]
    assert loaded.content is not None
    assert loaded.content.figures == {}


def test_guides_are_folders_with_a_guide_toml(content: Path) -> None:
    (content / "hosts").mkdir()
    assert guides(content) == ("mini",)
    assert guides(content / "none") == ()


def test_house() -> None:
    theme = load_theme(ROOT / "content").theme
    assert {"booklet.html.jinja", "checklist.html.jinja"} <= theme.templates.keys()
    assert {"tokens.css", "icons/tip.svg"} <= theme.styles.keys()
    assert {"zh-Hans", "ja", "en"} <= theme.strings.keys()
