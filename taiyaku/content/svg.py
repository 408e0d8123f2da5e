"""An SVG holds shapes only: what would load, run or hide is found, each at its line."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

import tinycss2

_SVG: Final = "http://www.w3.org/2000/svg"
_XML: Final = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class PictureFault:
    """What a picture may not hold: the line, the finding's code, and what stands there."""

    line: int
    code: str
    what: str


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


class SvgReader:
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
