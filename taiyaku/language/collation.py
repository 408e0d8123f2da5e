"""Words in the order of their own language: pinyin, kana, else letters without their marks."""

import re
import unicodedata
from typing import Final

from pypinyin import lazy_pinyin

from taiyaku.language.tags import language_of


def sort_key(word: str, tag: str) -> tuple[str, str]:
    """Return what a word is sorted by: pinyin in Chinese, kana in Japanese, else letters without their marks."""
    if language_of(tag) == "zh":
        return " ".join(lazy_pinyin(word)).casefold(), word
    if language_of(tag) == "ja":
        return _hiragana(word), word
    bare = "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
    return bare.casefold().replace("đ", f"d{_LAST}"), word


_LAST: Final = "\u02ff"
"""Behind all letters: Vietnamese đ is a letter of its own, and follows d."""


_KANA: Final = (
    *("あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも"),
    *("や＿ゆ＿よ", "らりるれろ", "わゐ＿ゑを"),
)
_LARGE: Final = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_JAMO: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def letter_of(word: str, tag: str) -> str:
    """Return the letter under which a word stands: a Latin one, the row of kana, or the first letter of a syllable."""
    key = sort_key(word, tag)[0]
    if language_of(tag) == "ja":
        return next((row[0] for row in (*_KANA, "わん") if key[:1] in row), key[:1].upper())
    if "\u1100" <= key[:1] <= "\u1112":
        return _JAMO[ord(key[0]) - 0x1100]
    return "Đ" if key[1:2] == _LAST else key[:1].upper()


def _hiragana(word: str) -> str:
    """Write kana as they are sorted: as large hiragana without marks, a long vowel as its vowel (JIS X 4061)."""
    kana = "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in word.casefold())
    plain = re.sub("[\u3099\u309a]", "", unicodedata.normalize("NFD", kana)).translate(_LARGE)
    return re.sub("(?<=(.))ー", lambda match: _vowel(match[1]), plain)


def _vowel(kana: str) -> str:
    return next(("あいうえお"[row.index(kana)] for row in _KANA if kana in row), "ー")
