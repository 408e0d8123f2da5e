"""TOML: each fault with the line on which its key is written."""

import time

import pytest

from taiyaku.model.content import Guide, Host, Record, Source, TomlFile
from taiyaku.model.findings import Place, format_finding
from taiyaku.model.theme import Strings
from taiyaku.model.toml import line_of, read_record, read_table
from tests.making import GUIDE, SOURCES, told

PATH = "content/mini/guide.toml"
GOOD = GUIDE.format(
    title='ja = "題"', subtitle='ja = "副題"', source="ja", languages='"ja"', host="ja"
)  # its lines: title, subtitle, source, languages, pairs, host_language, version, date


def file(text: str) -> TomlFile:
    return TomlFile(PATH, text)


def faults(kind: type[Record], text: str, at: tuple[str, ...] = ()) -> list[str]:
    values, findings = read_table(file(text))
    assert findings == ()
    for key in at:
        values = values[key]
    record, findings = read_record(kind, values, file(text), at)
    assert (record is None) == bool(findings)
    return told(findings)


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ('version = "1"\ntitle = { ja = "題" }\n', ("title",), 2),
        ('version = "1"\ntitle = { ja = "題" }\n', ("title", "ja"), 2),
        ('a = 1\n\n[law]\n# url\nurl = "x"\n', ("law", "url"), 5),
        ('[law]\nurl = "x"\n[bank]\nurl = "y"\n', ("bank", "url"), 4),
        ('[law]\nurl = "x"\n[bank]\nurl = "y"\n', ("bank", "checked"), 3),
        ('[translations.ja]\nstatus = "x"\n', ("translations", "ja", "status"), 2),
        ('[translations.zh-Hans]\nstatus = "x"\n', ("translations", "zh-Hans"), 1),
        ('[translations]\nja = { status = "x" }\n', ("translations", "ja", "status"), 2),
        ('[translations]\nen.status = "y"\nja.status = "x"\n', ("translations", "ja", "status"), 3),
        ('a = 1\ntranslations.ja.status = "x"\n', ("translations", "ja", "status"), 2),
        ('[ translations . "ja" ]\nstatus = "x"\n', ("translations", "ja", "status"), 2),
        ('"title" = "x"\n', ("title",), 1),
        ("'title' = 'x'\n", ("title",), 1),
        ('[law]\na = 1\n["mic.act"]\nurl = "x"\n', ("mic.act", "url"), 4),
        ('pairs = [\n  ["ja"],\n  ["en", "fr", "ja"],\n]\n', ("pairs", 1), 1),
        ("# title = 1\n  title = 1\n", ("title",), 2),
        ('[law]\ntitle = "x"\n', ("title",), 0),
        ("titles = 1\n", ("title",), 0),
        ("", ("title",), 0),
    ],
)
def test_the_line_of_a_key(text: str, path: tuple[object, ...], line: int):
    assert line_of(file(text), path) == line


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a = 1\nb = \nc = 1\n", 2, "Invalid value"),
        ("a = 1\n\na = 2\n", 3, "Cannot overwrite a value"),
        ("a = 1\nb\n", 2, "Expected '=' after a key in a key/value pair"),
        ("a = [1,\n2\n", 2, "Unclosed array"),
    ],
)
def test_a_syntax_error_is_a_finding_with_its_line(text: str, line: int, why: str):
    values, findings = read_table(file(text))
    assert (values, told(findings)) == ({}, [f"{PATH}:{line}: error: the TOML cannot be read: {why} [load.toml]"])


def test_a_good_file_is_a_record():
    values, findings = read_table(file(GOOD))
    record, more = read_record(Guide, values, file(GOOD))
    assert (*findings, *more) == ()
    assert record is not None
    assert (record.title, record.pairs, record.max_source_age_days) == ({"ja": "題"}, (("ja",),), 180)


def test_a_record_cannot_be_changed():
    record, _ = read_record(Host, {"name": {"ja": "市役所"}}, file(""))
    assert record is not None
    with pytest.raises(ValueError, match="frozen"):
        record.phone = "110"  # type: ignore[misc]


def test_an_unknown_key_is_told_with_the_known_ones():
    values, _ = read_table(file(GOOD + "colour = 1\n"))
    _, (finding,) = read_record(Guide, values, file(GOOD + "colour = 1\n"))
    assert format_finding(finding) == (
        f"{PATH}:9: error: unknown key `colour` [load.key]\n  hint: known keys are: cover, date, "
        "host_language, languages, layout, max_source_age_days, pages, pairs, source, subtitle, title, translations, "
        "version"
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        (
            "2026-11-22",
            '"soon"',
            8,
            "`date`: input should be a valid date or datetime, input is too short [load.value]",
        ),
        ('{ ja = "題" }', '"題"', 1, "`title`: input should be a valid dictionary [load.value]"),
        ('[["ja"]]', "[]", 5, "`pairs`: tuple should have at least 1 item after validation, not 0 [load.value]"),
        ('version   = "2026.11.0"\n', "", 0, "`version`: field required [load.value]"),
    ],
)
def test_a_bad_value_is_told(before: str, after: str, line: int, message: str):
    said = faults(Guide, GOOD.replace(before, after))
    where = f"{PATH}:{line}" if line else PATH
    assert said == [f"{where}: error: {message}"]


@pytest.mark.parametrize(
    ("before", "after", "line", "key"),
    [
        ("https://example.org/law", "ftp://example.org/", 4, "law.url"),
        ('"official"', '"rumour"', 6, "law.kind"),
        ("2026-11-22", "1", 5, "law.checked"),
        ('publisher = "総務省"\n', "", 1, "law.publisher"),
        ('kind      = "official"', 'kind = "official"\ngood_for = 0', 7, "law.good_for"),
        ('kind      = "official"', 'kind = "official"\n\ncheked = 1', 8, "law.cheked"),
    ],
)
def test_a_fault_inside_a_table(before: str, after: str, line: int, key: str):
    (said,) = faults(Source, SOURCES.replace(before, after), ("law",))
    assert said.startswith(f"{PATH}:{line}: error: ")
    assert f"`{key}`" in said


def test_the_place_without_a_line_is_the_file():
    _, findings = read_record(Strings, {}, file(""))
    assert {finding.place for finding in findings} == {Place(PATH)}
    assert len(findings) == sum(field.is_required() for field in Strings.model_fields.values())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"a = 1\n{'.'.join('k' * 50_000)} = 1\n", "the key has too many parts"),
        (f"a = 1\n[{'.'.join('k' * 50_000)}]\n", "the key has too many parts"),
        (f"a = 1\nb = {{ {' . '.join('k' * 50_000)} = 1 }}\n", "the key has too many parts"),
        (f"a = 1\nb = {'[' * 50_000}\n", "too many brackets stand in one another"),
        (f"a = 1\nb = {'{ c = ' * 50_000}\n", "too many brackets stand in one another"),
    ],
)
def test_what_stands_too_deep_is_told_at_once(text: str, why: str):
    start = time.perf_counter()
    values, findings = read_table(TomlFile("a.toml", text))
    assert time.perf_counter() - start < 2
    assert values == {}
    assert [(one.place.line, one.facts["why"]) for one in findings] == [(2, why)]


def test_long_words_with_points_are_no_deep_key():
    words = ". ".join("k" * 200)
    for text in (
        f'a = "{words}"\n',
        f'a = """\n{"- " + words}\n"""\n',
        f"# {words}\na = 1\n",
        "a" * 300_000 + " = 1\n",
    ):
        assert read_table(TomlFile("a.toml", text))[1] == ()
