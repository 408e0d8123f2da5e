"""What a new release changes on paper: exactly the sheets on which something looks different, whatever folding does."""

import datetime as dt
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final

import pikepdf
import pytest

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.model.content import Content, Manuscript, Role
from taiyaku.model.documents import Edition, Form, Publication
from taiyaku.pipeline.output import Artifact
from taiyaku.pipeline.title import Job, PrintOptions, assets_of, make
from taiyaku.prepress.imposition import saddle_stitch
from taiyaku.release.changes import as_record, changes_for_readers, reprint, reprint_for_offices
from taiyaku.release.delta import Change, Delta, DocumentDelta, SheetStatus, compare
from taiyaku.release.fingerprints import DRAWN_BY, fingerprints_of
from taiyaku.release.manifest import manifest_of
from tests.making import theme, tiny_content

PAIR: Final = ("zh-Hans", "ja")
PARAGRAPHS: Final = 24
BOOKLET: Final = "mini_zh-Hans_ja_booklet-print.pdf"

Changes = tuple[tuple[str, str, str], ...]


def chapter(number: int, language: str, paragraphs: int = PARAGRAPHS) -> str:
    says = {
        "zh-Hans": ("第{}章的标题", "这是第 {} 章的第 {} 段，说的是办理手续时先看什么，再问什么，最后确认什么。"),
        "ja": (
            "{}番目の章の題",
            "{} 番目の章の第 {} 段落です。手続きで先に何を見て、次に何を聞き、最後に何を確かめるかを書きます。",
        ),
    }
    title, text = says[language]
    texts = (text.format(number, at) for at in range(1, paragraphs + 1))
    return "\n\n".join((f"# {title.format(number)}", *texts)) + "\n"


def guide(lengths: tuple[int, ...], changes: Changes = (), **more: Any) -> Content:
    """Return a guide of chapters of so many paragraphs, with texts replaced: file, before, now."""
    content = tiny_content()
    its = [m for m in content.manuscripts if m.role is Role.CHECKLIST]
    for language in PAIR:
        for number, length in enumerate(lengths, 1):
            path = f"mini/{language}/{number:02}-chapter.md"
            text = chapter(number, language, length)
            for name, before, now in changes:
                if name == path.removeprefix("mini/"):
                    assert text.count(before) == 1, before
                    text = text.replace(before, now)
            its.append(Manuscript(path, language, PurePosixPath(path).stem, Role.CHAPTER, text))
    return replace(content, manuscripts=tuple(its), guide=content.guide.model_copy(update=more))


def made(content: Content, form: Form = Form.BOOKLET, name: str = "mini", edition: Edition = Edition.PRINT) -> Artifact:
    title = Publication("mini", name, form, PAIR)
    prepared = prepare(content, draft=False, titles=[title])
    assert prepared.findings == ()
    assets = assets_of(content, theme(), b"")
    texts = manuscripts(prepared, title)
    work = Job(title, (edition,), content, theme(), texts, None, assets, {}, draft=False, production=PrintOptions())
    result = make(work)
    assert result.findings == ()
    return Artifact(result.documents[0], "inputs")


@cache
def release(lengths: tuple[int, ...], changes: Changes = (), version: str = "1", date: str = "") -> dict[str, Any]:
    more = {"date": dt.date.fromisoformat(date)} if date else {}
    content = guide(lengths, changes, version=version, **more)
    texts = prepare(content, draft=False).texts
    guides = {"mini": (content, texts)}
    return manifest_of([made(content)], guides, version=version, source_date="2026-11-22")


def booklet(delta: Delta) -> DocumentDelta:
    (one,) = delta.documents
    assert one.path == BOOKLET
    return one


THREE: Final = (PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
DIGIT: Final[Changes] = (("ja/02-chapter.md", "2 番目の章の第 5 段落", "2 番目の章の第 8 段落"),)


def pages_of(manifest: dict[str, Any], words: str) -> set[int]:
    texts = manifest["guides"]["mini"]["texts"]
    document = manifest["documents"][0]
    return {page for number, _, pages in document["texts"] if words in texts[number][1] for page in pages}


def test_the_guide_of_the_tests_has_several_sheets():
    document = release(THREE)["documents"][0]
    assert document["sheets"] >= 3
    assert document["sides"] == [list(side) for side in laid(document["pages"])]


def laid(pages: int) -> list[list[int]]:
    """Return what stands on each side by the law of folding: front and back of each sheet, left and right."""
    sides = []
    for sheet in saddle_stitch(pages):
        for side in (sheet.front, sheet.back):
            sides.append([page for page in (side.left, side.right) if page is not None])
    return sides


def test_no_change_no_sheet():
    one = booklet(compare(release(THREE), release(THREE, version="1")))
    assert one.state is Change.SAME
    assert one.to_print == ()
    assert {sheet.fate for sheet in one.sheets} == {SheetStatus.STAYS}


def test_a_changed_digit_marks_exactly_the_sheets_on_which_it_stands():
    old, new = release(THREE), release(THREE, DIGIT)
    one = booklet(compare(old, new))
    pages = pages_of(new, "第 8 段落") & pages_of(new, "2 番目")
    (page,) = {page for page in pages if page in pages_of(old, "2 番目の章の第 5 段落")}
    by_hand = tuple(
        number
        for number, sheet in enumerate(saddle_stitch(old["documents"][0]["pages"]), 1)
        if page in (sheet.front.left, sheet.front.right, sheet.back.left, sheet.back.right)
    )
    assert one.to_print == by_hand
    (sheet,) = (sheet for sheet in one.sheets if sheet.fate is SheetStatus.PRINT)
    assert sheet.pages == (page,)
    (text,) = sheet.texts
    assert text.at.startswith("mini/ja/02-chapter.md:")
    assert "第 5 段落" in text.before.replace("\u2005", " ")
    assert "第 8 段落" in text.now.replace("\u2005", " ")
    assert not sheet.moved


def test_a_longer_chapter_marks_what_moved_and_nothing_before_it():
    old, new = release(THREE), release((PARAGRAPHS, PARAGRAPHS + 3, PARAGRAPHS))
    one = booklet(compare(old, new))
    third = pages_of(new, "第3章的标题") - {2}
    assert one.state is Change.CHANGED
    changed = {page for sheet in one.sheets for page in sheet.pages}
    assert third <= changed
    assert any(sheet.moved for sheet in one.sheets)
    first = pages_of(new, "第1章的标题") - {2}
    assert not first & changed, "what stands before the change stays as it was"


def test_another_number_of_sheets_leaves_none_in_stock_but_by_the_law_of_folding():
    old, new = release(THREE), release((PARAGRAPHS, PARAGRAPHS, PARAGRAPHS * 3))
    assert old["documents"][0]["sheets"] < new["documents"][0]["sheets"]
    one = booklet(compare(old, new))
    before, now = laid(old["documents"][0]["pages"]), laid(new["documents"][0]["pages"])
    same = [
        n
        for n in range(1, len(now) // 2 + 1)
        if now[2 * n - 2 : 2 * n] in (before[i : i + 2] for i in range(0, len(before), 2))
    ]
    assert same == []
    assert one.to_print == tuple(range(1, new["documents"][0]["sheets"] + 1))


def test_another_version_and_date_alone_leave_all_in_stock():
    old, new = release(THREE, date="2026-11-22"), release(THREE, version="2026.10.12", date="2026-12-24")
    delta = compare(old, new)
    assert {sheet.fate for sheet in booklet(delta).sheets} == {SheetStatus.FOOT}
    assert "older date; that does no harm" in reprint(delta)
    for tag in ("zh-Hans", "ja", "en"):
        words = theme().strings[tag].changes
        assert words is not None
        assert words.none in changes_for_readers(delta, words, tag)


def test_covers_say_of_which_version_a_booklet_is():
    """They are printed anew where another sheet is, so that a booklet of both is one of the new version."""
    old, new = release(THREE, date="2026-11-22"), release(THREE, DIGIT, version="2", date="2026-12-24")
    one = booklet(compare(old, new))
    (covers,) = (sheet for sheet in one.sheets if sheet.parts == ("stamp",))
    assert covers.pages == (1, new["documents"][0]["pages"])
    (other,) = (sheet for sheet in one.sheets if sheet.fate is SheetStatus.PRINT and sheet is not covers)
    assert "第 8 段落" in other.texts[0].now.replace("\u2005", " ")
    assert {sheet.fate for sheet in one.sheets if sheet not in (covers, other)} == {SheetStatus.FOOT}
    assert "the version and its date, since other sheets are new" in reprint(compare(old, new))


def test_a_changed_colour_is_seen_though_no_text_changed():
    old = release(THREE)
    document = made(guide(THREE)).document
    recoloured = document.pdf
    looks = fingerprints_of(recoloured)
    assert looks.pages[3].body == old["documents"][0]["looks"]["3"][0]
    with pikepdf.open(BytesIO(recoloured)) as pdf:
        form = next(form for side in pdf.pages for name, form in side.Resources.XObject.items() if name == "/P3")
        form.write(form.read_bytes().replace(b"0.105882 0.207843 0.368627 rg", b"0.105882 0.407843 0.368627 rg"))
        out = BytesIO()
        pdf.save(out)
    other = fingerprints_of(out.getvalue())
    assert [number for number in looks.pages if other.pages[number].body != looks.pages[number].body] == [3]
    assert all(other.pages[number].text == looks.pages[number].text for number in looks.pages)


def test_fonts_cut_to_other_characters_change_no_page_but_their_own():
    rare = (("zh-Hans/03-chapter.md", "这是第 3 章的第 14 段", "这是第 3 章的第 14 段龘"),)
    one = booklet(compare(release(THREE), release(THREE, rare)))
    assert len({page for sheet in one.sheets for page in sheet.pages}) == 1


@pytest.mark.parametrize("edition", [Edition.PRINT, Edition.LARGE])
def test_sides_and_looks_are_those_of_the_file(edition):
    document = made(guide(THREE), edition=edition).document
    looks = fingerprints_of(document.pdf)
    with pikepdf.open(BytesIO(document.pdf)) as pdf:
        assert len(looks.sides) == len(pdf.pages)
    assert sorted(looks.pages) == list(range(1, document.pages + 1))


def checklists(changes: Changes = (), version: str = "1", **more: Any) -> dict[str, Any]:
    """Return the manifest of a release of one checklist, with texts replaced: file, before, now."""
    content = guide((1,), version=version, **more)
    texts = {m.path: m.text for m in content.manuscripts}
    for path, before, now in changes:
        (name,) = (one for one in texts if one.endswith(path))
        assert before in texts[name]
        texts[name] = texts[name].replace(before, now)
    content = replace(content, manuscripts=tuple(replace(m, text=texts[m.path]) for m in content.manuscripts))
    parsed = prepare(content, draft=False).texts
    return manifest_of(
        [made(content, Form.CHECKLIST, "todo")], {"mini": (content, parsed)}, version=version, source_date="2026-11-22"
    )


@pytest.mark.parametrize("version", ["2", "2026.12.10"], ids=["as long", "longer"])
def test_a_checklist_forgives_its_version_and_date(version: str):
    old, new = checklists(), checklists(version=version, date=dt.date(2026, 12, 24))
    (one,) = compare(old, new).documents
    assert [sheet.fate for sheet in one.sheets] == [SheetStatus.FOOT]
    assert "Nothing to print: every sheet stays in stock." in reprint(compare(old, new))


def test_a_checklist_with_another_box_is_printed_again_and_says_why():
    change = (("ja/checklists/todo.md", "銀行の通帳", "銀行のカード"),)
    old, new = checklists(), checklists(change, version="2", date=dt.date(2026, 12, 24))
    (one,) = compare(old, new).documents
    assert one.to_print == (1,)
    assert "銀行の通帳 → 銀行のカード" in reprint(compare(old, new))


def test_the_reason_is_true_where_no_text_changed():
    """Another day on which a source was checked stands on a checklist: nothing there points to another place."""
    old = checklists()
    law = tiny_content().sources["law"].model_copy(update={"checked": dt.date(2026, 11, 23)})
    content = replace(guide((1,), version="1"), sources={"law": law})
    parsed = prepare(content, draft=False).texts
    one = made(content, Form.CHECKLIST, "todo")
    new = manifest_of([one], {"mini": (content, parsed)}, version="1", source_date="2026-11-22")
    (document,) = compare(old, new).documents
    assert [(sheet.fate, sheet.words) for sheet in document.sheets] == [(SheetStatus.PRINT, False)]
    assert "what no author wrote there changed" in reprint(compare(old, new))
    bare = [{**old["documents"][0], "looks": {n: its[:2] for n, its in old["documents"][0]["looks"].items()}}]
    assert "it looks different, though no text changed" in reprint(compare({**old, "documents": bare}, new))


def test_new_gone_and_unknown_documents_say_so():
    old, new = release(THREE), release(THREE)
    none = {**old, "documents": []}
    assert booklet(compare(none, new)).state is Change.NEW
    assert booklet(compare(new, none)).state is Change.GONE
    bare = {key: value for key, value in old["documents"][0].items() if key not in ("looks", "sides", "texts")}
    unknown = booklet(compare({**old, "documents": [bare]}, new))
    assert unknown.state is Change.UNKNOWN
    assert unknown.to_print == tuple(range(1, new["documents"][0]["sheets"] + 1))


def test_the_manifest_says_what_drew_its_pages():
    assert release(THREE)["drawn_by"] == DRAWN_BY


# In words


def test_a_host_reads_which_sheet_to_print():
    delta = compare(release(THREE), release(THREE, DIGIT))
    (sheet,) = booklet(delta).to_print
    said = reprint(delta)
    assert f"Print sheet {sheet} of {len(booklet(delta).sheets)}." in said
    assert f"in the print dialogue pages {2 * sheet - 1}–{2 * sheet}" in said
    assert "第 5 段落" in said.replace("\u2005", " ")
    assert "## Without a host" in said


@pytest.mark.parametrize("tag", ["zh-Hans", "ja"])
def test_an_office_reads_it_in_its_language(tag: str):
    delta = compare(release(THREE), release(THREE, DIGIT))
    words = theme().strings[tag].reprint
    assert words is not None
    (sheet,), sheets = booklet(delta).to_print, booklet(delta).sheets
    said = reprint_for_offices(delta, words, tag)
    assert words.again.format(sheets=sheet, total=len(sheets)) in said
    sides = f"{2 * sheet - 1}–{2 * sheet}"
    pages = " | ".join(", ".join(map(str, side)) for side in sheets[sheet - 1].sides)
    assert f"- {words.sheet.format(sheet=sheet, pages=pages, sides=sides)}\n" in f"{said}\n"
    assert "\n- " in said
    assert said.count("\n- ") == 1


def test_an_office_reads_of_its_own_documents_and_hosts():
    delta = compare(release(THREE), release(THREE, DIGIT))
    words = theme().strings["en"].reprint
    assert words is not None
    assert booklet(delta).path not in reprint_for_offices(delta, words, "en")
    here = replace(delta, documents=(replace(booklet(delta), host="town"),))
    assert "\n## town\n" in reprint_for_offices(here, words, "ja")


def test_an_office_reads_what_becomes_of_whole_documents():
    words = theme().strings["en"].reprint
    assert words is not None
    new = release(THREE)
    none = {**new, "documents": []}
    bare = {key: value for key, value in new["documents"][0].items() if key not in ("looks", "sides", "texts")}
    for old, now, says in (
        (none, new, words.new),
        (new, none, words.gone),
        ({**new, "documents": [bare]}, new, words.unknown),
        (new, new, words.none),
        (new, release((PARAGRAPHS, PARAGRAPHS, PARAGRAPHS * 3)), words.all),
    ):
        said = reprint_for_offices(compare(old, now), words, "ja")
        assert says in said
        assert "\n- " not in said
    dated = compare(release(THREE, date="2026-11-22"), release(THREE, version="2", date="2026-12-24"))
    feet = [sheet.number for sheet in booklet(dated).sheets if sheet.fate is SheetStatus.FOOT]
    assert words.foot.format(sheets=f"{feet[0]}–{feet[-1]}") in reprint_for_offices(dated, words, "ja")


def test_a_program_reads_the_same():
    delta = compare(release(THREE), release(THREE, DIGIT))
    (document,) = as_record(delta)["documents"]
    assert document["print"] == list(booklet(delta).to_print)
    assert [one["fate"] for one in document["sheets"]].count("print") == 1


CITED: Final = "先**打电话**预约。[@law]"


def facts(text: str, checked: str = "2026-11-22") -> dict[str, Any]:
    """Return the manifest of a guide in which a source says something, without its documents."""
    content = tiny_content()
    source = content.sources["law"].model_copy(update={"checked": dt.date.fromisoformat(checked)})
    its = Manuscript("mini/zh-Hans/01-start.md", "zh-Hans", "01-start", Role.CHAPTER, f"# 开始\n\n{text}\n")
    content = replace(content, manuscripts=(its,), sources={"law": source})
    return manifest_of(
        [], {"mini": (content, prepare(content, draft=False).texts)}, version=checked, source_date=checked
    )


def test_readers_learn_what_a_source_says_now():
    delta = compare(facts("要付 100 日元。[@law]"), facts("要付 200 日元。[@law]"))
    words = theme().strings["zh-Hans"].changes
    assert words is not None
    said = changes_for_readers(delta, words, "zh-Hans")
    assert words.changed in said
    assert f"{words.before}: 要付 100 日元。" in said
    assert f"{words.now}: 要付 200 日元。" in said
    assert "`law`" in said


def test_readers_learn_that_a_source_was_checked_again():
    delta = compare(facts("要付 100 日元。[@law]"), facts("要付 100 日元。[@law]", checked="2026-12-01"))
    for tag in ("zh-Hans", "ja", "en"):
        words = theme().strings[tag].changes
        assert words is not None
        said = changes_for_readers(delta, words, tag)
        assert words.checked in said
        assert words.changed not in said


def test_a_first_release_has_nothing_to_compare_with():
    words = theme().strings["en"].changes
    assert words is not None
    assert words.first in changes_for_readers(None, words, "en")
    assert words.none in changes_for_readers(compare(facts("好。[@law]"), facts("好。[@law]")), words, "en")


# Texts that say something else


def said(old: dict[str, Any], new: dict[str, Any], tag: str = "en") -> str:
    words = theme().strings[tag].changes
    assert words is not None
    names = {"zh-Hans": "中文", "ja": "日本語"}
    return changes_for_readers(compare(old, new), words, tag, names)


@pytest.mark.parametrize("tag", ["zh-Hans", "ja", "en"])
def test_a_paragraph_that_changed_in_one_language_is_told_to_all(tag: str):
    words = theme().strings[tag].changes
    assert words is not None
    told = said(release(THREE), release(THREE, DIGIT), tag)
    assert words.none not in told
    assert f"- 2番目の章の題 — 日本語: {words.said_changed.format(n=1)}\n" in told
    assert "中文" not in told


def test_paragraphs_that_are_new_or_gone_are_counted():
    one, two = release(THREE), release((PARAGRAPHS, PARAGRAPHS + 3, PARAGRAPHS))
    assert "- 第2章的标题 — 中文: 3 new; 日本語: 3 new\n" in said(one, two)
    assert "- 第2章的标题 — 中文: 3 removed; 日本語: 3 removed\n" in said(two, one)


def test_a_chapter_that_is_new_or_gone_is_told():
    two, three = release(THREE[:2]), release(THREE)
    assert "- 第3章的标题 — 中文: new; 日本語: new\n" in said(two, three)
    assert "- 第3章的标题 — 中文: removed; 日本語: removed\n" in said(three, two)


def test_a_title_of_the_guide_is_a_text_too():
    title = {**tiny_content().guide.title, "ja": "別の題"}
    assert "- guide.toml — 日本語: 1 changed\n" in said(checklists(), checklists(title=title))


@pytest.mark.parametrize(
    ("before", "now"),
    [("- [ ] 銀行の通帳", "- [x] 銀行の通帳"), ("根拠：", "参考："), ("銀行", "{銀行|ぎんこう}")],
    ids=["a tick", "a word", "a reading"],
)
def test_whatever_is_printed_otherwise_is_a_change(before: str, now: str):
    new = checklists((("ja/checklists/todo.md", before, now),))
    assert "- 持って行く物 — 日本語: 1 changed\n" in said(checklists(), new)


def test_where_the_last_release_does_not_tell_its_texts_nobody_says_that_nothing_changed():
    old = release(THREE)
    bare = {**old, "guides": {"mini": {k: v for k, v in old["guides"]["mini"].items() if k != "said"}}}
    words = theme().strings["en"].changes
    assert words is not None
    assert words.unknown in said(bare, old)
    assert words.none not in said(bare, old)


def test_a_program_reads_which_texts_changed():
    (text,) = as_record(compare(release(THREE), release(THREE, DIGIT)))["texts"]
    assert text == {
        "guide": "mini",
        "text": "chapter/02-chapter",
        "language": "ja",
        "state": "changed",
        "changed": 1,
        "new": 0,
        "gone": 0,
    }
