"""What is known about languages: tags (BCP 47), scripts, directions. Pure."""

import re
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global

CJK: Final = r"[\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
"""A CJK character or a punctuation mark of its width, for a regular expression."""

_TYPESETTER_TAGS: Final = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "zh": "zh-CN", "ko": "ko-KR"}
"""Fontconfig knows Chinese by region only: zh-Hans gets a Japanese face, silently."""

_RIGHT_TO_LEFT: Final = frozenset({"Arab", "Hebr", "Thaa", "Syrc", "Nkoo"})


_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
"""The shape of a tag: language, script, region, variants (BCP 47, 2.1). Babel reads no further than a point or an @."""


@lru_cache
def locale_of(tag: str) -> Locale | None:
    """Return what CLDR knows of a language, or None where it does not know it."""
    if not _TAG.fullmatch(tag):
        return None
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None


def is_tag(tag: str) -> bool:
    """Tell whether ``tag`` is a BCP 47 tag of a language that CLDR knows."""
    return locale_of(tag) is not None


def own_name(tag: str) -> str:
    """Return what a language calls itself (CLDR), such as Tiếng Việt; the tag where nobody knows."""
    locale = locale_of(tag)
    name = str(locale.get_display_name() or tag) if locale is not None else tag
    return name[:1].upper() + name[1:]


@lru_cache
def script(tag: str) -> str:
    """Return the ISO 15924 code of the script that a language is written in (CLDR likely subtags)."""
    locale = locale_of(tag)
    if locale is None:
        return "Latn"
    if locale.script:
        return str(locale.script)
    likely = get_global("likely_subtags")
    for key in (f"{locale.language}_{locale.territory}", str(locale.language)):
        if key in likely:
            return str(likely[key]).split("_")[1]
    return "Latn"


def language_of(tag: str) -> str:
    """Return the language that a tag begins with: ``zh`` for zh-Hans (BCP 47, 2.1)."""
    return tag.split("-")[0].lower()


def is_cjk(tag: str) -> bool:
    """Tell whether a language is set by the rules for Chinese, Japanese and Korean."""
    return language_of(tag) in ("zh", "ja", "ko", "yue")


def direction(tag: str) -> str:
    """Return ``ltr`` or ``rtl`` (HTML 5, 3.2.6.4: the dir attribute)."""
    return "rtl" if script(tag) in _RIGHT_TO_LEFT else "ltr"


def typesetter_tag(tag: str) -> str:
    """Return the tag that Pango and Fontconfig understand."""
    return _TYPESETTER_TAGS.get(tag, tag)
