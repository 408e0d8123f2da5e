"""Texts that were to be set → the same as they are looked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taiyaku.pdf.characters import compared
from taiyaku.proofread.defects import SetText


@dataclass(frozen=True, slots=True)
class NeedleReading:
    """A ruby in a text: where its base and its reading stand in the compared text; no place, once it is taken out."""

    base: range
    inline: range
    base_text: str
    text: str


@dataclass(frozen=True, slots=True)
class Needle:
    """A text as it is looked for: compared characters, and for each its index in the text."""

    number: int
    source: SetText
    key: str
    at: tuple[int, ...]
    readings: tuple[NeedleReading, ...]

    def bare(self) -> "Needle":
        """Return the text without the readings in it: as some typesetters put them behind the line."""
        inside = {at for reading in self.readings for at in reading.inline}
        kept = [at for at in range(len(self.key)) if at not in inside]
        moved = {at: new for new, at in enumerate(kept)}
        readings = tuple(
            NeedleReading(range(moved[r.base[0]], moved[r.base[-1]] + 1), range(0), r.base_text, r.text)
            for r in self.readings
        )
        key = "".join(self.key[at] for at in kept)
        return Needle(self.number, self.source, key, tuple(self.at[at] for at in kept), readings)


def looked_for(texts: Sequence[SetText]) -> Iterator[Needle]:
    """Return texts as they are looked for; one that leaves nothing to compare is left out."""
    for number, source in enumerate(texts):
        keyed = [(key, at) for at, char in enumerate(source.text) for key in compared(char)]
        key = "".join(char for char, _ in keyed)
        if key:
            yield Needle(number, source, key, tuple(at for _, at in keyed), tuple(_readings(key, source)))


def _readings(key: str, source: SetText) -> Iterator[NeedleReading]:
    """Find each base with its reading behind it; a reading of another run of the same cell is passed over."""
    at = 0
    for base, reading in source.readings:
        low, high = ("".join(map(compared, part)) for part in (base, reading))
        start = key.find(low + high, at)
        if start >= 0 and low and high:
            middle, at = start + len(low), start + len(low) + len(high)
            yield NeedleReading(range(start, middle), range(middle, at), base, high)
