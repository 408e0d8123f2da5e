"""Findings: what a check has found, and the one table of their severities and wordings.

Find, word, tell: a phase returns a ``Finding`` with a code and facts, ``format_finding`` turns it into a
sentence, and only ``cli`` prints it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final


class Severity(StrEnum):
    """How bad a finding is: an error stops the build, a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a finding stands: a file as people name it, and a line from 1 (0: the whole file)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the facts that its wording needs."""

    code: str
    place: Place
    facts: Mapping[str, Any] = field(default_factory=dict)
    also: Place | None = None
    severity: Severity = Severity.ERROR

    def as_warning(self) -> "Finding":
        """Return the same finding as a warning (a draft may be incomplete)."""
        return replace(self, severity=Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Wording:
    """A finding's sentence and what to do next, as format strings over its facts, and how bad it is by itself."""

    message: str
    hint: str
    severity: Severity = Severity.ERROR


WORDINGS: Final[Mapping[str, Wording]] = {
    # load: the files of a guide
    "load.file": Wording("this file is missing", "{why}"),
    "load.utf8": Wording("the file is not UTF-8 (byte {byte})", "save it as UTF-8"),
    "load.toml": Wording("the TOML cannot be read: {why}", "mend the line; strings stand in double quotes"),
    "load.key": Wording("unknown key `{key}`", "known keys are: {known}"),
    "load.value": Wording("`{key}`: {why}", "correct the value"),
    "load.language": Wording("`{tag}` is not a language tag", "use a BCP 47 tag such as zh-Hans, ja or en"),
    "load.pair": Wording("the pair {pair} names `{tag}`, which is not among the languages", "add it to `languages`"),
    "load.strings": Wording("the words for `{tag}` are missing", "copy content/strings/en.toml and translate it"),
    "load.host": Wording("there is no host `{name}`", "the hosts are: {known}"),
    "load.name": Wording(
        "`{name}` cannot be a name here: {why}", "rename it: letters, digits, hyphens; it becomes part of file names"
    ),
    "load.outside": Wording(
        "a link leads out of the content folder", "put what it leads to in its place: nothing outside is read"
    ),
    "load.dangling": Wording("a link leads nowhere", "put the file in its place, or remove the link"),
    "load.kind": Wording("this is {what}, and {wanted} belongs here", "move it away, or put {wanted} in its place"),
    "load.large": Wording("the file has more than {most}", "make it smaller"),
    "load.read": Wording("this cannot be read: {why}", "let yourself read it, or remove it"),
    "load.lock": Wording(
        "this line was not written by `accept`: {why}",
        "undo the change, or write the file anew: python3 build.py accept GUIDE",
    ),
    "load.no-chapters": Wording("the guide has no chapter", "add {tag}/01-name.md"),
    # parse: Markdown
    "parse.empty": Wording("the file is empty", "write at least a title: # Title"),
    "parse.title": Wording("the first block is not a title", "begin the file with: # Title"),
    "parse.titles": Wording("a second title in the same file", "use ## for sections"),
    "parse.level": Wording("the heading jumps from level {before} to level {level}", "use {marks}"),
    "parse.html": Wording("raw HTML `{html}`", "use Markdown; write &lt; for a literal <"),
    "parse.mark": Wording("{mark} is not part of the guide format", "{hint}"),
    "parse.admonition": Wording("unknown kind of box `{kind}`", "the kinds are: {known}"),
    "parse.phrase": Wording("the phrase card has no sentence", 'write: !!! phrase "…"'),
    "parse.attribute": Wording("unknown block attribute `{attribute}`", "known are: {known}"),
    "parse.ruby": Wording("the ruby mark `{mark}` is not closed or empty", "write {{base|reading}}"),
    "parse.language": Wording("`{tag}` is not a language tag", "write {{ja:…}} with a tag such as ja or zh-Hans"),
    "parse.image-inline": Wording("a picture inside a line", "put the picture on a line of its own"),
    "parse.note": Wording("the footnote `{name}` has no text", "add: [^{name}]: text"),
    "parse.note-unused": Wording("the footnote `{name}` is never called", "call it with [^{name}] or remove it"),
    "parse.comment": Wording(
        "this comment never ends",
        "write --> behind it, or the closing bracket; a comment holds no other one, and in brackets no blank line",
    ),
    "parse.break": Wording(
        "the line break (two spaces at the end of the line) is not kept",
        "begin a new paragraph or a list item, or take the spaces away",
        Severity.WARNING,
    ),
    "parse.step": Wording(
        "`{number}.` at the beginning of a line makes a step of its own",
        r"write {number}\. if it is none, as in a date; number the steps of a list one by one",
    ),
    "parse.steps": Wording(
        "step {number} stands behind step {before}",
        r"number steps one by one, and put a text between two lists; write {number}\. if the line is no step",
    ),
    "parse.letters": Wording(
        "the text is not kept from here on: “{written}” is read as “{read}”",
        "write it as docs/guide-format.md says; if it is written so, report it as a fault",
    ),
    # pair: the pairing law
    "pair.missing": Wording(
        "{what} has no partner in {language}", "translate it, remove it, or mark it with {{: .solo }}"
    ),
    "pair.kind": Wording("{first} stands beside {second}", "both languages have the same blocks in the same order"),
    "pair.level": Wording("heading of level {first} stands beside level {second}", "use the same level in both"),
    "pair.steps": Wording("steps from {first} on stand beside steps from {second} on", "number them alike in both"),
    "pair.phrase": Wording("the phrase card shows another sentence", "write the same sentence in every language"),
    "pair.box": Wording("box `{first}` stands beside box `{second}`", "use the same kind in both"),
    # stale: what was accepted
    "translation.stale": Wording(
        "the source has changed since this translation was accepted",
        "compare the two, mend the translation, then: python3 build.py accept {file}",
    ),
    "translation.unaccepted": Wording(
        "this translation {why}", "compare it with its source, then: python3 build.py accept {file}"
    ),
    # sources, links and figures
    "source.unknown": Wording("the source `{key}` is not in sources.toml", "add it, or correct the key"),
    "source.unused": Wording("the source `{key}` is never cited", "cite it with [@{key}], or remove it"),
    "link.chapter": Wording("the link `{target}` leads nowhere", "link to a chapter of this guide, as 01-name.md"),
    "link.source": Wording(
        "the link `{target}` cannot be followed on paper", "add the page to sources.toml and cite it with [@key]"
    ),
    "figure.missing": Wording("the picture `{src}` does not exist", "put it into {folder}"),
    "figure.outside": Wording("the picture `{src}` lies outside the guide", "put it into {folder}"),
    "figure.format": Wording("`{src}` is not a picture", "use SVG, PNG or JPEG"),
    "figure.loads": Wording(
        "the picture `{src}` would load something from elsewhere: {what}",
        "take it out, or draw it into the picture itself: save it as plain SVG, with no other files or fonts",
    ),
    "figure.element": Wording(
        "the picture `{src}` holds {what}, and a picture holds nothing but shapes",
        "take it out, or turn it into paths: save it as plain SVG",
    ),
    "figure.entities": Wording(
        "the picture `{src}` puts something else in the place of what it says: {what}",
        "save it as plain SVG: without declarations in its DOCTYPE, and without names such as &name;",
    ),
    "figure.xml": Wording("the picture `{src}` cannot be read: {what}", "save it anew as plain SVG"),
    "figure.heavy": Wording(
        "the picture `{src}` draws too many elements: {what}",
        "simplify it: 20,000 are enough for a detailed map, each counted as often as <use> draws it",
    ),
    "figure.broken": Wording(
        "the picture `{src}` is cut off or damaged, and would be printed with black or grey in it: {what}",
        "open it in an image editor, look whether it is whole, and export it anew as PNG or JPEG",
    ),
    "figure.large": Wording(
        "the picture `{src}` has {what} pixels, more than {most} million altogether",
        "scale it down: 35 million cover A4 in 600 dpi",
    ),
    "figure.words": Wording(
        "the picture `{src}` holds words, which nobody can translate",
        'draw a <rect class="label"> where they belong, and write them as labels under the picture',
    ),
    "figure.narrow": Wording(
        "the picture `{src}` is {times} times as high as wide: made to fit a page, it is too narrow to be read",
        "crop it, or cut it into several pictures",
    ),
    "figure.labels": Wording(
        "the picture `{src}` has {frames} frames for labels, and there are {labels} labels",
        'write a list with {{: .labels }} under the picture, one item for each <rect class="label">',
    ),
    "figure.full": Wording("the label does not fit into its frame ({document}): {text}", "shorten it"),
    "figure.alt": Wording("the picture `{src}` has no alternative text", "write ![what it shows]({src})"),
    "source.expired": Wording(
        "what the source `{key}` says was checked on {checked} and held until {until}",
        "open {url}, compare, and set `checked` to that day; with --draft it is printed with a mark",
    ),
    "source.future": Wording(
        "the source `{key}` is said to have been checked on {checked}, which is still to come",
        "set `checked` to the day on which somebody looked at {url}; today is {today}",
    ),
    "guide.future": Wording(
        "the guide's day {date} is still to come, and is printed as the day of its facts",
        "correct `date`, unless the guide is made ready for that day; today is {today}",
        Severity.WARNING,
    ),
    "link.short": Wording("`{target}` hides where it leads", "write the whole address"),
    "text.handle": Wording(
        "`{handle}` looks like an account of a messaging app", "name the office or company, its page or its telephone"
    ),
    # parity: what two languages say
    "facts.differ": Wording(
        "the numbers differ: only {language} has {first}; only {other} has {second}",
        "say the same in both languages{marks}",
    ),
    "facts.unit": Wording(
        "{language} has {said}; {other} has {written}: whether the unit is the same is not known",
        "compare the two by eye; units are known by their usual words, as {other} writes them in full",
        Severity.WARNING,
    ),
    "facts.unsourced": Wording(
        "this block states something to act on ({what}) and cites no source", "add [@key] with a key of sources.toml"
    ),
    "facts.ticks": Wording("{second} boxes to tick stand beside {first}", "have the same boxes in every language"),
    "cite.differ": Wording("cited in one language only: {keys}", "cite the same sources in every language"),
    "term.differ": Wording(
        "the other language says `{term}`; here `{word}` is missing", "use the glossary's word for {language}"
    ),
    # fonts
    "font.glyph": Wording(
        "no font of {language} has {char} (U+{code:04X} {name})", "replace the character; fonts tried: {fonts}"
    ),
    # typeset, fit, readback
    "typeset.log": Wording("the typesetter says: {message}", "mend the content, template or style that it names"),
    "fit.long": Wording(
        "the checklist is {lines} lines too long for {room} ({languages}, {edition})",
        "shorten it: at {scale:.0%} the type is as small as it may be",
    ),
    "fit.pages": Wording(
        "the booklet needs {pages} pages and has {budget} ({languages}): {lines} lines are over, blocks {blocks}",
        "shorten them, mark what may go with {{: .optional }}, or raise `pages` in guide.toml",
    ),
    "host.room": Wording(
        "the host's `{entry}` has no room on {where}",
        "shorten it, or leave out another line of the host: without the host everything fits there",
    ),
    "host.words": Wording(
        "the host's `{entry}` is not there in {language}, which is printed", "write it in that language too"
    ),
    "host.contrast": Wording(
        "the colour {colour} is too pale to read: its contrast is {contrast}:1, the least is {least}:1",
        "choose a darker one",
    ),
    "set.kinsoku": Wording(
        "a line begins or ends with what may not stand there ({document}, page {page}): {text}",
        "reword the text, or report it as a fault of the line breaker",
    ),
    "set.last-line": Wording(
        "a last line holds a single character ({document}, page {page}): {text}", "shorten or lengthen the text"
    ),
    "set.widow": Wording(
        "a block's last line stands alone at the head of a page ({document}, page {page}): {text}",
        "shorten or lengthen a block before it",
    ),
    "set.orphan": Wording(
        "a block's first line stands alone at the foot of a page ({document}, page {page}): {text}",
        "shorten or lengthen a block before it",
    ),
    "set.heading-at-foot": Wording(
        "a heading stands at the foot of a page ({document}, page {page}): {text}",
        "shorten or lengthen a block before it",
    ),
    "set.outside-area": Wording(
        "a text stands outside the type area ({document}, page {page}): {text}", "mend the template or style"
    ),
    "set.over-measure": Wording(
        "a line is longer than its column, or stands on another text ({document}, page {page}): {text}",
        "shorten its longest word, or let it part: put a space or a hyphen in",
    ),
    "set.picture-cut": Wording(
        "a picture is cut by the page's edge, or stands on a text ({document}, page {page}): {text}",
        "make the picture smaller, or report it as a fault of the template",
    ),
    "set.beside-telephone": Wording(
        "a digit stands so near to a telephone number that it would be dialled ({document}, page {page}): {text}",
        "put words between the two, or mend the style",
    ),
    "set.ruby-parted": Wording(
        "a reading does not stand above its base ({document}, page {page}): {text}", "mend the template or style"
    ),
    "set.wrong-glyph": Wording(
        "a text is drawn with the face of another language ({document}, page {page}): {text}", "mend fonts.py"
    ),
    # prepress: what a press prints
    "press.colour": Wording(
        "{document} paints with something that cannot be put into inks: {what}",
        "draw it in plain colours, or give the logo as a picture on white",
    ),
    "text.lost": Wording("this text is not in the finished PDF ({document}): {text}", "report it as a fault"),
    "text.twice": Wording("this text stands twice in the finished PDF ({document}): {text}", "report it as a fault"),
    "text.off-page": Wording("text runs off page {page} of {document}: {text}", "shorten the line or the word"),
    # preflight: a finished PDF, the file as a whole
    "pdf.unreadable": Wording("the file cannot be read: {why}", "make it anew; a password must be taken off first"),
    "preflight.fault": Wording(
        "{what} came to no end: what it would have found is not known",
        "this is a fault of Taiyaku, not yours: please report it, with the file and `{where}`",
    ),
    "pdf.encrypted": Wording("the file is encrypted", "save it without a password and without restrictions"),
    "pdf.damaged": Wording("the file is damaged, and was mended to be read: {why}", "make it anew"),
    "preflight.undrawn": Wording(
        "the file cannot be drawn, and so {what}: {why}", "make it anew: viewers may not show it either"
    ),
    "pdf.operator": Wording(
        "in the page's content {what}{at}{more}",
        "make the file anew: viewers pass over this, and show different things, or nothing",
    ),
    "pdf.javascript": Wording("the file runs JavaScript{at}", "take it out: a handout runs no programs"),
    "pdf.attachment": Wording("another file is inside the file{at}", "take it out: in print nobody sees it"),
    "pdf.too-large": Wording("the file has {size}, the limit is {limit}", "use smaller pictures, or raise the limit"),
    "pdf.title": Wording("the file has no title", "give it one in the document information"),
    "pdf.title-hidden": Wording(
        "a window shows the file's name instead of its title", "set DisplayDocTitle in the viewer preferences"
    ),
    "pdf.language": Wording("the file names no language", "set /Lang in the catalogue to a BCP 47 tag"),
    "pdf.language-tag": Wording("`{tag}` is no language tag{at}", "use a BCP 47 tag such as zh-Hans, ja or en"),
    "pdf.date": Wording("the dates of the file are wrong: {what}", "write {wanted}"),
    "pdf.clock": Wording(
        "the file holds the time of day at which it was made: {what}",
        "write the guide's date only, so that two builds give the same bytes",
        Severity.WARNING,
    ),
    "pdf.metadata": Wording("the metadata is not in order: {what}", "write XMP and Info from the same values"),
    "pdf.producer": Wording(
        "the file does not say which program wrote it", "set Producer in the document information", Severity.WARNING
    ),
    "pdf.random-id": Wording(
        "an identifier is made of chance: {what}", "derive it from the content (a UUID of version 5)", Severity.WARNING
    ),
    # preflight: pages
    "pdf.page-count": Wording(
        "the number of pages, {count}, is no multiple of {multiple}", "add or take out pages before the back cover"
    ),
    "pdf.page-size": Wording("the trim is {size}, not {wanted}{at}", "give all pages that TrimBox"),
    "pdf.boxes": Wording("the page's boxes do not lie in one another: media, bleed, trim{at}", "correct the boxes"),
    "pdf.origin": Wording(
        "the MediaBox does not begin at 0 0{at}", "move the page: some programs misread other corners"
    ),
    "pdf.bleed": Wording("the bleed is {width} wide, not {wanted}{at}", "enlarge the BleedBox"),
    "pdf.bleed-empty": Wording(
        "something touches the trim and is not painted {wanted} beyond it{at}",
        "let it overhang, or keep it away from the edge",
    ),
    "pdf.crop-marks": Wording("crop marks are missing{at}", "draw two lines at each corner of the trim"),
    "pdf.mark-inside": Wording("a printer's mark reaches into the bleed{at}", "move it outwards"),
    "pdf.blank-page": Wording(
        "the page is empty{at}", "take it out, or fill it: only before the back cover may pages be blank"
    ),
    "pdf.text-outside": Wording("text stands outside the trim{at}: {text}", "move it inside"),
    "pdf.text-near-edge": Wording("text stands less than {margin} from the trim{at}: {text}", "move it inwards"),
    # preflight: type
    "pdf.font-outside": Wording("fonts are not in the file: {fonts}{at}", "embed them"),
    "pdf.font-whole": Wording("fonts are not cut to what is used: {fonts}{at}", "embed a subset", Severity.WARNING),
    "pdf.font-strange": Wording("fonts that are not ours: {fonts}{at}", "name the font in fonts.py"),
    "pdf.notdef": Wording("a character is missing and drawn as an empty box: {fonts}{at}", "use a font that has it"),
    "pdf.unicode": Wording(
        "the file does not tell which characters it shows: {fonts}{at}", "write ToUnicode for every glyph"
    ),
    "pdf.type-small": Wording("type of {size} is smaller than {least}{at}", "set it larger"),
    "pdf.cjk-small": Wording(
        "type of {size} is too small for Chinese, Japanese or Korean, which needs {least}{at}", "set it larger"
    ),
    # preflight: ink
    "pdf.hairline": Wording("a line of {width} is thinner than {least}{at}", "draw it thicker"),
    "pdf.rgb": Wording("colours are RGB{at}", "convert them to CMYK"),
    "pdf.rich-black": Wording("text is black with other inks under it{at}", "print it with black alone"),
    "pdf.ink": Wording("{ink} of ink in one place are more than {most}{at}", "use lighter colours"),
    "pdf.picture-coarse": Wording(
        "a picture has {resolution} pixels an inch, {least} are needed{at}", "use a larger picture", Severity.WARNING
    ),
    "pdf.picture-broken": Wording(
        "pictures cannot be unpacked, their data are damaged or too short{at}: {pictures}",
        "put them in anew: some programs draw a part of them, others nothing",
    ),
    "pdf.code-small": Wording("a code to be photographed is {size} wide, not {least}{at}", "print it larger"),
    "pdf.output-intent": Wording("the output intent is wrong: {why}", "embed the profile of the press"),
    "pdf.pdfx": Wording("the file is no PDF/X-4, for lack of: {what}", "write what is missing"),
    "pdf.annotation": Wording("a link or field lies on what is printed{at}", "take it out for the press"),
    # preflight: reading aloud
    "pdf.untagged": Wording("the file is not tagged", "write a structure tree and MarkInfo"),
    "pdf.tree-ring": Wording(
        "elements of the structure tree stand in themselves, or in two places: {count}", "write the tree anew"
    ),
    "pdf.unmarked": Wording("something is neither tagged nor an artifact{at}", "tag it"),
    "pdf.alt": Wording("figures without alternative text: {count}{at}", "write /Alt"),
    "pdf.table-head": Wording("table heads without a Scope: {count}{at}", "say Row or Column"),
    "pdf.heading": Wording("after {before} comes {heading}{at}", "do not skip a level"),
    "pdf.face": Wording(
        "a text tagged as {language} is drawn with a face of {region}{at}: {text}",
        "tag it with its own language, or set it in a face of that language",
    ),
    "pdf.language-absent": Wording("no text is tagged as {languages}", "write /Lang on each element of that language"),
    "pdf.link-dead": Wording("links lead nowhere{at}: {targets}", "correct or remove them"),
    "pdf.field-name": Wording("form fields without a name: {count}{at}", "write /T"),
    "pdf.field-tooltip": Wording("form fields without a tooltip: {count}{at}", "write /TU"),
    "pdf.field-loose": Wording("form fields not in the structure tree: {count}{at}", "add a Form element"),
    # impose
    "impose.left-behind": Wording(
        "this is not on the sheets: {what}",
        "print the file to a new PDF from the program in which it was filled in, and impose that",
        Severity.WARNING,
    ),
    # photocopy: a copy of a copy, in grey
    "copy.contrast": Wording(
        "on a copy of a copy texts are too pale: {count}{at}, the first {text}", "give it a darker colour"
    ),
    "copy.tint": Wording(
        "on a copy of a copy texts are lost in their ground: {count}{at}, the first {text}",
        "take a paler ground, or white",
    ),
    "copy.stroke": Wording(
        "on a copy of a copy lines are gone: {count}{at}, the first {text}",
        "draw them broader or darker: a line of 0.2 mm is no paler than #8a8d94",
    ),
    "copy.ruby": Wording(
        "on a copy of a copy readings cannot be told any more: {count}{at}, the first {text}",
        "set them larger",
    ),
    "copy.box": Wording(
        "on a copy of a copy boxes to tick are not whole: {count}{at}, the first {text}",
        "draw the outline darker, and leave the inside white",
    ),
    "copy.qr": Wording(
        "on a copy of a copy QR codes cannot be read: {count}{at}, the first {text}",
        "print them larger, or give a shorter address",
    ),
    "copy.colour": Wording(
        "on a copy of a copy areas of two colours look the same: {count}{at}, the first {text}",
        "part them by a line, or take a colour that is much darker or paler",
    ),
}
"""Every code with its wording. A code that is not here cannot be told."""


def of(code: str, place: Place, facts: Mapping[str, Any], also: Place | None = None) -> Finding:
    """Make a finding that is as bad as the table says of its code."""
    return Finding(code, place, facts, also, WORDINGS[code].severity)


def format_finding(finding: Finding) -> str:
    """Say a finding: place, severity, sentence, code; then the other place and the hint, a line each."""
    wording = WORDINGS[finding.code]
    lines = [f"{finding.place}: {finding.severity}: {wording.message.format(**finding.facts)} [{finding.code}]"]
    if finding.also is not None:
        lines.append(f"  see also: {finding.also}")
    lines.append(f"  hint: {wording.hint.format(**finding.facts)}")
    return "\n".join(map(plain, lines))


_OBEYED: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]|^\s*(?:::|##\[)"
)
"""Controls, line breaks, changes of direction (UAX 9, 2), and how a line begins that GitHub takes for an order."""


def plain(line: str) -> str:
    """Return a line with an escape of Python for all that a terminal or a log would obey instead of showing it."""
    return _OBEYED.sub(lambda match: "".join(map(_escaped, match[0])), line)


def _escaped(char: str) -> str:
    return char if char == " " else f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values for JSON."""
    wording = WORDINGS[finding.code]
    record: dict[str, Any] = {
        "code": finding.code,
        "severity": str(finding.severity),
        "path": finding.place.path,
        "line": finding.place.line,
        "message": wording.message.format(**finding.facts),
        "hint": wording.hint.format(**finding.facts),
    }
    if finding.code.startswith(("pdf.", "copy.")) and pages_of(finding):
        record["pages"] = pages_of(finding)
    if finding.also is not None:
        record["also"] = {"path": finding.also.path, "line": finding.also.line}
    return record


def pages_of(finding: Finding) -> str:
    """Return the pages of a finished document on which something was found, as ``1, 3–4``; empty where it has none."""
    name = "pages" if finding.code.startswith(("pdf.", "copy.")) else "page"
    return str(finding.facts.get(name, ""))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop a build."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, each once."""
    unique = {(f.code, f.place, f.also, tuple(sorted((k, str(v)) for k, v in f.facts.items()))): f for f in findings}
    return tuple(sorted(unique.values(), key=lambda finding: (finding.place, finding.code)))
