"""A Chinese text in a Japanese face."""

import pikepdf
from pikepdf import String

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import text, tiny, told

HAN = told(text("直", font="J"))


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].K[0].Lang = String("zh-Hans")


def mend(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].K[0].Lang = String("ja")


def wrong() -> bytes:
    return tiny(SCREEN, HAN, change=spoil)


def right() -> bytes:
    return tiny(SCREEN, HAN, change=mend)
