"""Pictures: which files are one, what an SVG may hold, and the frames for labels in it. Pure.

A picture holds no words, so that one file serves every language. Where words belong into it, its SVG
has a frame, ``<rect class="label" …>``, and the Markdown a list of labels: the first label stands in
the first frame. ``data-align="start"`` sets a label at the frame's left edge instead of its middle,
``data-align="top"`` at its top.

An SVG draws shapes and nothing else. What it might load, run or hide is found here, before anything is set: a font that
a picture brings would replace ours, and change the digits on every page.
"""

import re
import struct
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Final
from xml.parsers import expat

import tinycss2
from PIL import Image, ImageFile

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_SVG: Final = "http://www.w3.org/2000/svg"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
SUFFIXES: Final = (".svg", ".png", ".jpg", ".jpeg")
"""How the names of pictures end, in small letters."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a label stands, in percent of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float
    align: str = "middle"

    @property
    def style(self) -> str:
        """Return the frame as CSS for a box inside the picture's."""
        return f"left: {self.left:.3f}%; top: {self.top:.3f}%; width: {self.width:.3f}%; height: {self.height:.3f}%"


@dataclass(frozen=True, slots=True)
class PictureFault:
    """What a picture may not hold: the line, the finding's code, and what stands there."""

    line: int
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What an SVG holds, read without carrying out anything that it asks for."""

    root: str
    words: bool
    faults: tuple[PictureFault, ...]
    frames: tuple[Frame, ...]
    view: str
    size: tuple[str, str]


def is_picture(name: str, data: bytes) -> bool:
    """Tell whether the bytes are what the file's name promises: SVG, PNG or JPEG."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".svg":
        return _read(data).root == "svg"
    starts = {".png": _PNG, ".jpg": _JPEG, ".jpeg": _JPEG}
    return suffix in starts and data.startswith(starts[suffix])


def holds_words(data: bytes) -> bool:
    """Tell whether an SVG holds text, which nobody could translate."""
    return _read(data).words


def svg_faults(name: str, data: bytes) -> tuple[PictureFault, ...]:
    """Return what an SVG holds besides shapes, in the order of its lines; other pictures hold nothing of the kind."""
    return _read(data).faults if PurePosixPath(name).suffix.lower() == ".svg" else ()


MOST_PIXELS: Final = 64_000_000
"""So many pixels has a bitmap at most: A3 in 500 dpi, or what a telephone's camera takes. More fills the memory."""


@lru_cache(maxsize=64)
def bitmap_fault(data: bytes) -> tuple[str, str] | None:
    """Decode a bitmap once: give the finding's code and what stands in the way, or None where it can be shown whole.

    What is cut off or damaged would be printed black or grey. Of a PNG every part is compared with its checksum; a JPEG
    has none, and only what is missing is found.
    """
    if not data.startswith((_PNG, _JPEG)):
        return None
    try:
        with _silenced(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return "figure.large", f"{image.width} × {image.height}"
            image.verify()
            with Image.open(BytesIO(data), formats=_FORMATS) as whole:
                whole.load()
        if data.startswith(_PNG) and _PNG_END not in data:
            return "figure.broken", "its end is missing"
    except Image.DecompressionBombError:
        return "figure.large", "hundreds of millions of"
    except (OSError, SyntaxError, ValueError, LookupError, OverflowError) as error:  # as Pillow's readers raise them
        return "figure.broken", str(error).partition("<_io")[0].strip() or type(error).__name__
    return None


@contextmanager
def _silenced() -> Iterator[None]:
    """Let Pillow warn of nothing: not of damaged notes in a picture, which nobody needs, nor of many pixels.

    It stops at what is cut off; the typesetter lets it pass, from its import on, for the whole process.
    """
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"
_FORMATS: Final = ("PNG", "JPEG")

NARROWEST: Final = 1 / 6
"""A picture that is higher for its width than this is a strip where it is as high as the page: nobody can read it."""

_UNSIZED: Final = 2.0
"""What is as wide for its height where nothing says so (CSS Images 3, 4.3: 300 by 150)."""


@lru_cache(maxsize=64)
def aspect_of(data: bytes) -> float:
    """Return how many times as wide as high a picture is."""
    try:
        width, height = _svg_size(_read(data)) if _read(data).root == "svg" else _bitmap_size(data)
        return width / height
    except (OSError, SyntaxError, LookupError, ValueError, ZeroDivisionError, Image.DecompressionBombError):
        return _UNSIZED


def _svg_size(drawing: _Drawing) -> tuple[float, float]:
    """Return an SVG's width and height as it says them, else those of its viewBox (SVG 2, 8.12)."""
    said = [_LENGTH.fullmatch(length) for length in drawing.size]
    lengths = [float(one[1]) * _UNITS[one[2]] for one in said if one is not None]
    if len(lengths) < len(said) or not all(lengths):
        lengths = [float(number) for number in drawing.view.replace(",", " ").split()[2:4]]
    return lengths[0], lengths[1]


_UNITS: Final[Mapping[str, float]] = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
_LENGTH: Final = re.compile(r"\s*([\d.]+)\s*(px|pt|pc|mm|cm|in|)\s*")


def _bitmap_size(data: bytes) -> tuple[float, float]:
    """Return a bitmap's width and height as it is shown: a camera's picture may lie on its side (Exif, Orientation)."""
    with _silenced(), Image.open(BytesIO(data), formats=_FORMATS) as image:
        wide, high = image.size
    return (high, wide) if way_up(data) > _UPRIGHT else (wide, high)


def way_up(data: bytes) -> int:
    """Return which way up a bitmap is shown (Exif, Orientation): 1 to 8, where 1 is as it stands."""
    try:
        with _silenced(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            turned = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, LookupError, struct.error):  # a damaged note says nothing
        return 1
    return turned if turned in range(1, 9) else 1


ORIENTATION: Final = 0x0112
_UPRIGHT: Final = 4


def figure_frames(data: bytes) -> tuple[Frame, ...]:
    """Return the frames of an SVG in document order; none for other pictures and for an SVG that cannot be read.

    Frames are measured against the viewBox (SVG 2, 8.6), so they may not be moved by a ``transform``.
    """
    return _read(data).frames


# What an SVG may hold (SVG 2, appendix F: the elements)

_DRAWN: Final = frozenset(
    """
    svg g symbol use switch style path rect circle ellipse line polyline polygon linearGradient radialGradient stop
    pattern clipPath mask marker a text tspan textPath feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG
    feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile
    feTurbulence
    """.split()  # noqa: SIM905
)
_SHAPES: Final = _DRAWN | {"defs", "filter", "view", "title", "desc", "metadata"}
"""The elements that draw, or say how; whether there is text in them is asked elsewhere (``holds_words``)."""

_ACTIVE: Final = {name.lower() for name in _DRAWN} | set(
    """
    script image img foreignobject iframe object embed audio video canvas link base meta font font-face animate set
    animatetransform animatemotion handler listener html body
    """.split()  # noqa: SIM905
)
"""Names under which a typesetter or a browser does something, whatever their namespace: editors' notes have others."""

_AT_RULES: Final = frozenset(("charset", "media", "supports", "namespace", "keyframes", "-webkit-keyframes"))
"""The CSS at-rules that load nothing (``@namespace`` only names)."""

_LOADING: Final = frozenset(("url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "element", "attr"))
"""The CSS functions that name something to be loaded (CSS Images 4, CSS Values 5), or may."""

_MAY_LOAD: Final = re.compile(r"\\|url|src|image|cross-fade|element|attr", re.IGNORECASE)
"""What a value says that names something to be loaded; a backslash may hide the rest (CSS Syntax 3, 4.3.7)."""

_WORDS: Final = re.compile(rb"<(?:\w+:)?(?:text|foreignObject)\b")
"""Words behind the place up to which a file can be read."""

_SOLE_WORDS: Final = frozenset(("text", "foreignObject"))
_IF_FILLED: Final = frozenset(("a", "tspan", "textPath"))
"""Elements that are words by themselves, and those that are where a character stands in them."""


MOST_ELEMENTS: Final = 200_000
"""So many elements are drawn at most, each as often as it is used: a detailed map has 20,000."""

_DEEPEST: Final = 200
"""So many elements stand in one another at most, through what they use."""


class _Stop(Exception):
    """Nothing behind this place is read."""


_ENDLESS: Final = 10**15
_XLINK: Final = "http://www.w3.org/1999/xlink"


@dataclass(slots=True)
class _Part:
    """An element with all that stands in it: its id, how many elements that is, and how often it uses which others."""

    name: str
    elements: int = 1
    used: Counter[str] = field(default_factory=Counter)


class _SvgReader:
    """Takes what the XML parser finds: nothing is loaded, and no entity is put in the place of its name."""

    def __init__(self) -> None:
        self.root, self.words = "", False
        self.faults: list[PictureFault] = []
        self.view = ""
        self.size = ("", "")
        self.rects: list[Mapping[str, str]] = []
        self._open: list[str] = []
        self._parts: list[_Part] = [_Part("", 0)]
        self._named: dict[str, _Part] = {}
        self._style: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SkippedEntityHandler = self._entity
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, data: bytes) -> None:
        """Read an SVG as far as it can be read. White space before ``<?xml`` is told, and read over."""
        begun = data.lstrip()
        if begun != data and begun.startswith(b"<?xml"):
            self.faults.append(PictureFault(1, "figure.xml", "white space before <?xml"))
            data = begun
        try:
            self._parser.Parse(data, True)
            if (drawn := self._drawn(self._parts[0], {}, 0)) > MOST_ELEMENTS:
                self.faults.append(PictureFault(1, "figure.heavy", f"{drawn:,}" if drawn < _ENDLESS else "endless"))
        except expat.ExpatError as error:
            self.faults.append(PictureFault(error.lineno, "figure.xml", expat.errors.messages[error.code]))
        except (LookupError, ValueError):
            self.faults.append(PictureFault(1, "figure.xml", "unknown encoding"))
        except _Stop:
            pass

    def _fault(self, code: str, what: str) -> None:
        self.faults.append(PictureFault(self._parser.CurrentLineNumber, code, what))

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        """Take the DOCTYPE that old editors write; with declarations in it, text may be anything."""
        if has_subset:
            self._fault("figure.entities", "<!DOCTYPE … [")
            self.root = self.root or "svg"
            raise _Stop

    def _entity(self, name: str, _is_parameter: bool) -> None:
        self._fault("figure.entities", f"&{name};")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower().startswith("xml-"):
            self._fault("figure.loads", f"<?{target}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self.root:
            self.root, self.view = local, attributes.get("viewBox", "")
            self.size = (attributes.get("width", ""), attributes.get("height", ""))
            if space not in ("", _SVG):
                self.root = name
        self._open.append(local)
        self._part(local, attributes)
        self.words = self.words or local in _SOLE_WORDS
        if local not in _SHAPES if space in ("", _SVG) else local.lower() in _ACTIVE:
            self._fault("figure.loads" if local == "image" else "figure.element", f"<{local}>")
        if (space, local, attributes.get("class")) == (_SVG, "rect", "label"):
            self.rects.append(attributes)
        for attribute, value in attributes.items():
            for code, what in _attribute_faults(attribute, value):
                self._fault(code, what)

    def _part(self, local: str, attributes: Mapping[str, str]) -> None:
        """Begin to count the elements of a part."""
        if len(self._open) > _DEEPEST:
            self._fault("figure.heavy", f"{_DEEPEST} in one another, and more")
            raise _Stop
        part = _Part(attributes.get("id", ""))
        if local == "use":
            target = attributes.get("href", attributes.get(f"{_XLINK} href", "")).strip()
            part.used[target.removeprefix("#")] += 1
        self._parts.append(part)

    def _drawn(self, part: "_Part", known: dict[str, int], depth: int) -> int:
        """Count the elements that a part draws, each as often as it is used."""
        if depth > _DEEPEST:
            return _ENDLESS
        drawn = part.elements
        for name, times in part.used.items():
            if name not in known and name in self._named:
                known[name] = _ENDLESS  # what uses itself has no end
                known[name] = self._drawn(self._named[name], known, depth + 1)
            drawn += times * known.get(name, 0)
        return min(drawn, _ENDLESS)

    def _end(self, _name: str) -> None:
        part = self._parts.pop()
        self._parts[-1].elements += part.elements
        self._parts[-1].used.update(part.used)
        if part.name:
            self._named.setdefault(part.name, part)
        if self._open.pop() == "style":
            for what in _loaded(tinycss2.parse_component_value_list("".join(self._style))):
                self._fault("figure.loads", what)
            self._style.clear()

    def _text(self, text: str) -> None:
        if self._open[-1] in _IF_FILLED and text.strip():
            self.words = True
        if "style" in self._open:
            self._style.append(text)


def _attribute_faults(name: str, value: str) -> Iterator[tuple[str, str]]:
    """Return what is wrong with an attribute: the finding's code, and what stands there."""
    space, _, local = name.rpartition(" ")
    if local.lower() in ("href", "src") and not value.strip().startswith("#"):
        yield "figure.loads", f'{local}="{_short(value)}"'
    elif (space, local) == (_XML, "base"):
        yield "figure.loads", f'xml:base="{_short(value)}"'
    elif local.lower().startswith("on") and space in ("", _SVG):
        yield "figure.element", f"{local}="
    elif space in ("", _SVG) and _MAY_LOAD.search(value) and not local.startswith("data-") and local not in _PLAIN:
        for what in _loaded(tinycss2.parse_component_value_list(value)):
            yield "figure.loads", what


_PLAIN: Final = frozenset(
    ("id", "class", "content", "lang", "systemLanguage", "requiredExtensions", "requiredFeatures")
)
"""Attributes that are never CSS (draw.io keeps the whole drawing in ``content``)."""


def _loaded(tokens: Iterable[Any]) -> Iterator[str]:
    """Return what CSS loads from elsewhere: rules, and addresses but those of the picture's own parts (``#id``)."""
    namespace = False
    for token in tokens:
        if token.type == "at-keyword":
            namespace = token.lower_value == "namespace"
            if token.lower_value not in _AT_RULES:
                yield f"@{token.lower_value}"
        elif token == ";":
            namespace = False
        elif token.type == "url" and not token.value.startswith("#") and not namespace:
            yield f"url({_short(token.value)})"
        elif token.type == "error":
            yield f"CSS that cannot be read ({token.message})"
        elif token.type == "function":
            yield from _called(token, namespace=namespace)
        elif token.type in ("{} block", "[] block", "() block"):
            yield from _loaded(token.content)


def _called(function: Any, *, namespace: bool) -> Iterator[str]:
    strings = [token.value for token in function.arguments if token.type == "string"]
    if function.lower_name == "url":
        if not namespace and not (strings and strings[0].startswith("#")):
            yield f"url({_short(strings[0] if strings else '')})"
    elif function.lower_name in _LOADING:
        yield f"{function.lower_name}()"
    else:
        yield from _loaded(function.arguments)


_LONGEST: Final = 60
"""So many characters of an address are told: a picture that is packed into one has millions."""


def _short(address: str) -> str:
    return address if len(address) <= _LONGEST else f"{address[:_LONGEST]}…"


@lru_cache(maxsize=64)
def _read(data: bytes) -> _Drawing:
    reader = _SvgReader()
    reader.read(data)
    faults = tuple(reader.faults)
    unread = any(fault.code in ("figure.xml", "figure.entities") for fault in faults)
    words = reader.words or (unread and _WORDS.search(data) is not None)
    frames = () if faults else _frames(reader)
    return _Drawing(reader.root, words, faults, frames, reader.view, reader.size)


def _frames(reader: _SvgReader) -> tuple[Frame, ...]:
    try:
        left, top, width, height = map(float, reader.view.replace(",", " ").split())
        return tuple(
            Frame(
                100 * (float(rect.get("x", "0")) - left) / width,
                100 * (float(rect.get("y", "0")) - top) / height,
                100 * float(rect.get("width", "0")) / width,
                100 * float(rect.get("height", "0")) / height,
                rect.get("data-align", "middle"),
            )
            for rect in reader.rects
        )
    except (ValueError, ZeroDivisionError):
        return ()
