"""Makes what tests need: manuscripts, parsed texts, and a whole guide of one chapter and one checklist."""

import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from taiyaku.content.load import load_guide
from taiyaku.content.parse import parse
from taiyaku.content.theme import load_theme
from taiyaku.language.linebreak import BREAK, JOINER, QUARTER
from taiyaku.model.content import Content, Manuscript, Role, Text
from taiyaku.model.findings import Finding, format_finding
from taiyaku.model.theme import Theme
from taiyaku.render.htmltext import language_texts
from taiyaku.typeset.fonts import cut_fonts, font_sheet

if TYPE_CHECKING:
    from taiyaku.typeset.engine import Layout

ROOT: Final = Path(__file__).resolve().parent.parent
PATH: Final = "content/mini/ja/01-start.md"

GUIDE: Final = """\
title     = {{ {title} }}
subtitle  = {{ {subtitle} }}
source    = "{source}"
languages = [{languages}]
pairs     = [[{languages}]]
host_language = "{host}"
version   = "2026.11.0"
date      = 2026-11-22
"""

SOURCES: Final = """\
[law]
title     = { ja = "電話の法律", en = "The phone law" }
publisher = "総務省"
url       = "https://example.org/law"
checked   = 2026-11-22
kind      = "official"
"""

TITLES: Final = {"zh-Hans": "在日本办手机号", "ja": "日本で電話番号を持つ", "en": "A phone number in Japan"}
SUBTITLES: Final = {"zh-Hans": "第一周要做的事", "ja": "最初の週にすること", "en": "What to do in the first week"}
TERMS: Final = {"zh-Hans": "身份核验", "ja": "本人確認", "en": "identity check"}

CHAPTERS: Final = {
    "zh-Hans": """\
# 开始

法律规定，签约时要核验身份。[@law]

- 先打电话预约
- 带上在留卡原件

| 公司 | 月租 |
|---|---|
| 甲公司 | 1,000日元 [@law] |

!!! tip
    付款日前一天再看一次余额。
""",
    "ja": """\
# はじめに

法律により、契約のときに{本人確認|ほんにんかくにん}をします。[@law]

- 先に電話で予約します
- 在留カードの原本を持って行きます

| 会社 | 月額 |
|---|---|
| 甲の会社 | 1,000円 [@law] |

!!! tip
    支払日の前の日に、もう一度残高を見ます。
""",
    "en": """\
# Start

The law asks for an identity check at the contract. [@law]

- Call first and book a time
- Bring the residence card itself

| Company | A month |
|---|---|
| First company | 1,000 yen [@law] |

!!! tip
    Look at your balance again the day before payment.
""",
}

CHECKLISTS: Final = {
    "zh-Hans": "# 要带的东西\n\n- [ ] 在留卡原件\n- [ ] 银行存折\n\n依据：电话的法律。[@law]\n",
    "ja": "# 持って行く物\n\n- [ ] 在留カードの原本\n- [ ] 銀行の通帳\n\n根拠：電話の法律。[@law]\n",
    "en": "# What to bring\n\n- [ ] The residence card itself\n- [ ] The bank book\n\nFrom the phone law. [@law]\n",
}


def manuscript(text: str, language: str = "ja", path: str = PATH, role: Role = Role.CHAPTER) -> Manuscript:
    """Make a manuscript as ``load`` would have read it."""
    return Manuscript(path, language, Path(path).stem, role, text)


def text(markdown: str, language: str = "ja", path: str = PATH) -> Text:
    """Parse Markdown into a text."""
    return parse(manuscript(markdown, language, path)).text


def told(findings: Sequence[Finding]) -> list[str]:
    """Return what a person reads first of each finding: its first line."""
    return [format_finding(finding).splitlines()[0] for finding in findings]


_INVISIBLE: Final = str.maketrans("", "", QUARTER + JOINER + BREAK)


def bare(text: str) -> str:
    """Take out what `compose` puts between characters; the no-break space before a short last word is a space again."""
    return text.translate(_INVISIBLE).replace("\u00a0", " ")


def codes(findings: Sequence[Finding]) -> list[str]:
    """Return the codes of findings, in their order."""
    return [finding.code for finding in findings]


def tiny_guide(folder: Path, languages: Sequence[str] = ("zh-Hans", "ja")) -> Path:
    """Write the guide ``mini`` in zh-Hans, ja or en below ``folder`` and give the content folder."""
    content = folder / "content"
    guide = content / "mini"
    _write(guide / "guide.toml", _guide(languages))
    _write(guide / "sources.toml", SOURCES)
    _write(guide / "glossary.toml", _glossary(languages))
    for tag in languages:
        _write(guide / tag / "01-start.md", CHAPTERS[tag])
        _write(guide / tag / "checklists" / "todo.md", CHECKLISTS[tag])
    shutil.copytree(ROOT / "content" / "strings", content / "strings", dirs_exist_ok=True)
    return content


@cache
def tiny_content(*languages: str) -> Content:
    """Load the guide ``mini``: in zh-Hans and ja, where no languages are named."""
    with TemporaryDirectory() as folder:
        read = load_guide(tiny_guide(Path(folder), languages or ("zh-Hans", "ja")), "mini").content
    assert read is not None
    return read


@cache
def theme() -> Theme:
    """Return the real templates, styles and words."""
    return load_theme(ROOT / "content").theme


FRAMED: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'
    '<rect class="label" x="0" y="0" width="100" height="100" fill="none"/>'
    '<rect class="label" data-align="start top" x="100" y="0" width="100" height="100" fill="none"/></svg>'
)
"""A picture with two frames for labels, side by side."""

SMALL_PAGE: Final = """\
@page { margin: 5mm; size: 60mm 40mm }
body { font-size: 10pt; line-height: 1.5; margin: 0 }
p { margin: 0 }
"""


def small_html(body: str, *, lang: str = "ja", head: str = "") -> str:
    """Write a document of small pages that is set in cut fonts."""
    links = "".join(f'<link rel="stylesheet" href="{name}">' for name in ("fonts.css", "page.css", "own.css"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>t</title>{links}{head}</head>'
        f"<body>{body}</body></html>"
    )


def small_layout(body: str, *, lang: str = "ja", head: str = "", css: str = "", **files: bytes) -> "Layout":
    """Lay out a document of small pages with our own cut fonts and the given files (``a_svg`` is ``a.svg``)."""
    from taiyaku.typeset.engine import Typesetter

    html = small_html(body, lang=lang, head=head)
    fonts = cut_fonts(language_texts(html))
    given = {"fonts.css": font_sheet(fonts).encode(), "page.css": SMALL_PAGE.encode(), "own.css": css.encode()}
    given |= {font.path: font.data for font in fonts.fonts}
    given |= {name.replace("_", "."): data for name, data in files.items()}
    return Typesetter(given).lay_out(html)


def _guide(languages: Sequence[str]) -> str:
    return GUIDE.format(
        title=_table({tag: TITLES[tag] for tag in languages}),
        subtitle=_table({tag: SUBTITLES[tag] for tag in languages}),
        source=languages[0],
        host=languages[-1],
        languages=", ".join(f'"{tag}"' for tag in languages),
    )


def _glossary(languages: Sequence[str]) -> str:
    reading = ['reading = "ほんにんかくにん"'] if languages[-1] == "ja" else []
    return "\n".join(["[check]", *(f'{tag} = "{TERMS[tag]}"' for tag in languages), *reading]) + "\n"


def _table(words: dict[str, str]) -> str:
    return ", ".join(f'{tag} = "{text}"' for tag, text in words.items())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
