"""A host's block has room: on the covers of every edition and paper, and on a checklist that is full without it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import LoadedHost, load_guide, load_host
from taiyaku.content.pair import Manuscripts
from taiyaku.content.theme import load_theme
from taiyaku.model.content import Content, Host, Role, TomlFile
from taiyaku.model.documents import Edition, Form, Paper, Publication
from taiyaku.model.theme import Theme
from taiyaku.model.wordings import Severity
from taiyaku.pipeline.title import Job, PrintOptions, assets_of, make
from tests.making import ROOT, told

SAMPLES: Final = ROOT / "tests" / "sample"
FILE: Final = TomlFile("content/hosts/town/host.toml", "name = {}\ndesk = {}\nhours = {}\nevent = {}\n")

LONG: Final = {
    "en": "Office for Foreign Residents of the United Towns of the Upper River Valley, Department of Everyday Affairs",
    "ja": "上流域連合町役場 くらしの課 外国人住民のための何でも相談窓口",
    "vi": "Văn phòng hỗ trợ cư dân nước ngoài của liên hiệp các thị trấn vùng thượng lưu, phòng đời sống hằng ngày",
    "ar": "مكتب المقيمين الأجانب في البلدات المتحدة لأعلى وادي النهر، قسم شؤون الحياة اليومية",
    "zh-Hans": "上游联合町公所生活科外国居民综合咨询窗口",
}
HOURS: Final = {
    "en": "Monday, Wednesday and Friday 8:30–12:00 and 13:00–16:30; closed on holidays",
    "ja": "月・水・金 8:30〜12:00、13:00〜16:30、祝日は休み",
    "vi": "Thứ hai, thứ tư và thứ sáu 8:30–12:00 và 13:00–16:30; nghỉ ngày lễ",
    "ar": "الاثنين والأربعاء والجمعة 8:30–12:00 و13:00–16:30",
    "zh-Hans": "周一、周三、周五 8:30–12:00、13:00–16:30，节假日休息",
}
TALL: Final = Host(
    name=LONG, desk=LONG, hours=HOURS, phone="000-0000-0000", url="https://example.org/foreign-residents"
)
ENDLESS: Final = TALL.model_copy(update={"hours": {tag: " ".join([words] * 12) for tag, words in HOURS.items()}})


@cache
def guide(name: str) -> tuple[Content, Theme]:
    folder = ROOT / "content" if name == "phone-number" else SAMPLES
    content = load_guide(folder, name).content
    assert content is not None
    return content, load_theme(folder).theme


def shipped_host() -> LoadedHost:
    return load_host(ROOT / "content", "example-university")


def work(title: Publication, edition: Edition, host: Host, *, logo: bytes = b"", covers: bool = False) -> Job:
    content, theme = guide(title.guide)
    texts = manuscripts(prepare(content, draft=False), title)
    return Job(
        title,
        (edition,),
        content,
        theme,
        Manuscripts((), ()) if covers else texts,
        host,
        assets_of(content, theme, logo),
        {},
        draft=False,
        production=PrintOptions(),
        host_file=FILE,
    )


PAPERS: Final = (
    (Edition.LARGE, ""),
    (Edition.SCREEN, ""),
    (Edition.SCREEN, Paper.B6),
    (Edition.SCREEN, Paper.A4),
    (Edition.PRINT, Paper.HALF_LETTER),
)
PAIRS: Final = (("phone-number", "en", "ja"), ("phone-number", "zh-Hans", "en"), ("sample", "ar", "ja"))


@pytest.mark.parametrize(("edition", "paper"), PAPERS)
@pytest.mark.parametrize(("name", "first", "second"), PAIRS)
def test_the_covers_have_room_for_a_host(name: str, first: str, second: str, edition: Edition, paper: Paper):
    loaded = shipped_host()
    assert loaded.host is not None
    host = loaded.host if name == "phone-number" else TALL
    title = Publication(name, name, Form.BOOKLET, (first, second), "town", paper)
    made = make(work(title, edition, host, logo=loaded.logo, covers=True))
    assert told(made.findings) == []


@pytest.mark.parametrize(("edition", "paper"), [(Edition.LARGE, ""), (Edition.SCREEN, Paper.B6)])
def test_the_covers_have_room_for_a_host_who_says_much(edition: Edition, paper: Paper):
    title = Publication("phone-number", "phone-number", Form.BOOKLET, ("en", "ja"), "town", paper)
    made = make(work(title, edition, TALL, logo=shipped_host().logo, covers=True))
    assert told(made.findings) == []


@pytest.mark.parametrize("edition", [Edition.LARGE, Edition.SCREEN])
def test_a_host_who_says_too_much_is_told_which_line(edition: Edition):
    title = Publication("phone-number", "phone-number", Form.BOOKLET, ("en", "ja"), "town")
    made = make(work(title, edition, ENDLESS, covers=True))
    finding, *others = made.findings
    assert (finding.code, finding.severity) == ("host.room", Severity.ERROR)
    assert {other.code for other in others} <= {"pdf.text-near-edge", "set.orphan"}, (
        "it fills more pages than a cover is"
    )
    assert str(finding.place) == "content/hosts/town/host.toml:3"
    assert told((finding,)) == [
        f"content/hosts/town/host.toml:3: error: the host's `hours` has no room on the covers "
        f"({title.file_name(edition)}) [host.room]"
    ]


def test_what_has_no_room_without_the_host_is_not_the_hosts_fault():
    content, theme = guide("phone-number")
    title = Publication("phone-number", "phone-number", Form.BOOKLET, ("en", "ja"), "town")
    endless = {tag: " ".join([words] * 90) for tag, words in content.guide.subtitle.items()}
    one = work(title, Edition.SCREEN, TALL, covers=True)
    long = replace(content, guide=content.guide.model_copy(update={"subtitle": endless}))
    made = make(replace(one, content=long))
    assert made.findings
    assert "host.room" not in {finding.code for finding in made.findings}
    assert theme is one.theme


@pytest.mark.parametrize("edition", [Edition.SCREEN, Edition.PRINT])
@pytest.mark.parametrize("host", [None, TALL], ids=["the shipped one", "a long name"])
def test_a_full_checklist_has_room_for_a_host(edition: Edition, host: Host | None):
    title = Publication("phone-number", "first-days", Form.CHECKLIST, ("en", "ja"), "town")
    own = host or shipped_host().host
    assert own is not None
    made = make(work(title, edition, own))
    assert told(made.findings) == []
    assert [document.pages for document in made.documents] == [1]


def test_a_checklist_names_its_host_from_right_to_left():
    name = guide("sample")[0].names(Role.CHECKLIST)[0]
    made = make(work(Publication("sample", name, Form.CHECKLIST, ("ar", "ja"), "town"), Edition.SCREEN, TALL))
    assert told(made.findings) == []


def test_a_name_that_no_checklist_has_room_for_is_told():
    title = Publication("phone-number", "first-days", Form.CHECKLIST, ("en", "ja"), "town")
    endless = TALL.model_copy(update={"name": {tag: " ".join([words] * 40) for tag, words in LONG.items()}})
    (finding,) = make(work(title, Edition.SCREEN, endless)).findings
    assert finding.code == "host.room"
    assert str(finding.place) == "content/hosts/town/host.toml:1"
    assert finding.also is not None
    assert Path(finding.also.path).name == "first-days.md"
