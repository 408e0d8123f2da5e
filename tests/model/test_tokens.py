"""The two colours that a host may change: in pictures, and whether they can be read."""

import pytest

from taiyaku.checks.references import check_host, check_host_words
from taiyaku.model.content import Host, TomlFile
from taiyaku.model.tokens import LEAST_CONTRAST, colour_tokens, contrast, faintest, recoloured
from tests.making import theme, told

TOKENS = {"--color-reader": "#1b355e", "--color-host": "#a32b18"}
PICTURE = b'<svg><path fill="#1b355e"/><path stroke="#A32B18"/><path fill="#ffffff"/></svg>'


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)


def test_our_own_colours_can_be_read():
    tokens = colour_tokens(theme().styles)
    for name in ("--color-reader", "--color-host", "--color-text", "--color-quiet"):
        assert faintest(tokens[name], tokens) >= LEAST_CONTRAST


def test_a_tint_counts_as_ground():
    assert faintest("#767676", {}) > faintest("#767676", {"--color-paper-cool": "#c0c0c0"})


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ["#1b355e", "#A32B18", "#ffffff"]),
        ({"reader": "#004020"}, ["#004020", "#A32B18", "#ffffff"]),
        ({"host": "#600060"}, ["#1b355e", "#600060", "#ffffff"]),
        ({"reader": "#a32b18", "host": "#1b355e"}, ["#a32b18", "#1b355e", "#ffffff"]),
    ],
    ids=["none", "one", "the other", "exchanged"],
)
def test_a_picture_takes_the_hosts_colours(chosen: dict[str, str], expected: list[str]):
    made = recoloured(PICTURE, TOKENS, chosen).decode()
    assert [made[at : at + 7] for at in range(len(made)) if made[at] == "#"] == expected


@pytest.mark.parametrize(("colour", "pale"), [("#f0c040", True), ("#808080", True), ("#004020", False)])
def test_a_colour_that_is_too_pale_is_told(colour: str, pale: bool):
    host = Host.model_validate({"name": {"ja": "大学"}, "colors": {"reader": colour}})
    file = TomlFile("content/hosts/u/host.toml", f'name = {{ ja = "大学" }}\n\n[colors]\nreader = "{colour}"\n')
    found = told(list(check_host(host, b"", file, theme().styles)))
    least = faintest(colour, colour_tokens(theme().styles))
    said = f"the colour {colour} is too pale to read: its contrast is {least:.1f}:1, the least is 5:1 [host.contrast]"
    assert found == ([f"content/hosts/u/host.toml:4: error: {said}"] if pale else [])


def test_a_host_speaks_every_language_that_is_printed():
    host = Host.model_validate({"name": {"ja": "大学", "vi": "Đại học"}, "hours": {"ja": "9時から"}})
    text = 'name = { ja = "大学", vi = "Đại học" }\nhours = { ja = "9時から" }\n'
    file = TomlFile("content/hosts/u/host.toml", text)
    assert told(list(check_host_words(host, file, ("vi", "ja")))) == [
        "content/hosts/u/host.toml:2: error: the host's `hours` is not there in vi, which is printed [host.words]"
    ]
    assert list(check_host_words(host, file, ("ja",))) == []
