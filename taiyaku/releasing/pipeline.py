"""Calls what makes a release: a clean build of everything → pictures, packs, pages, words → one folder of files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from taiyaku import load, pipeline, plan, release
from taiyaku.errors import UsageError
from taiyaku.findings import Finding
from taiyaku.pipeline import Prepared, Progress, silent
from taiyaku.releasing.delta import Delta, comparable, compare
from taiyaku.releasing.looks import DRAWN_BY
from taiyaku.releasing.record import manifest_of, with_looks
from taiyaku.releasing.together import Stock, gather


@dataclass(frozen=True)
class Order:
    """What a release is made of: everything in the content folder, plain and for each host; compared with ``since``."""

    build: plan.Order
    hosts: tuple[str, ...] = ()
    since: Path | None = None
    url: str = ""


@dataclass(frozen=True)
class Release:
    """A release: its files by their paths, what changed since the last one, and what was found. Files may be none."""

    files: Mapping[str, bytes]
    delta: Delta | None
    findings: tuple[Finding, ...]
    documents: int = 0


def make_release(order: Order, progress: Progress = silent) -> Release:
    """Build everything anew and strictly, and gather what a release holds. With an error there are no files.

    Raises:
        UsageError: the earlier release cannot be read, or a host is not there.
    """
    before = _before(order.since) if order.since is not None else None
    made, findings = _build(order, progress)
    if not made:
        return Release({}, None, findings)
    house = load.load_house(order.build.root, order.build.content).house
    guides = {one.content.name: one for one in _guides(order.build)}
    newest = max((one.content.guide for one in guides.values()), key=lambda guide: guide.date)
    texts = {name: (one.content, one.texts) for name, one in guides.items()}
    manifest = manifest_of(made, texts, version=newest.version, source_date=newest.date.isoformat())
    delta = _compared(order.since, before, manifest) if before is not None else None
    fonts = load.load_fonts(sorted({tag for one in guides.values() for tag in one.content.guide.languages}))
    lock, metadata = load.load_packages(order.build.root)
    profile = load.load_profile(order.build.profile)
    stock = Stock(house, guides, tuple(made), manifest, delta, lock, metadata, fonts, profile, order.url)
    return Release(gather(stock), delta, findings, len(made))


def _build(order: Order, progress: Progress) -> tuple[list[release.Made], tuple[Finding, ...]]:
    """Build everything in an empty folder, so that nothing old can get in; give nothing where there is an error."""
    with release.scratch(order.build.out) as folder:
        outcomes = []
        for host in ("", *order.hosts):
            outcomes.append(pipeline.build(replace(order.build, out=folder, host=host), progress))
            if outcomes[-1].failed:
                break
    found = list(chain.from_iterable(outcome.findings for outcome in outcomes))
    findings = tuple(
        finding for at, finding in enumerate(found) if finding not in found[:at]
    )  # each host finds it again
    if outcomes[-1].failed:
        return [], findings
    return [one for outcome in outcomes for one in outcome.entries], findings


def _guides(order: plan.Order) -> list[Prepared]:
    loaded = (load.load_guide(order.content, name).content for name in plan.guide_names(order))
    return [pipeline.prepare(content, draft=False) for content in loaded if content is not None]


def _before(since: Path) -> Mapping[str, Any]:
    """Read the earlier release; where another program drew its pages, draw them again.

    Raises:
        UsageError: it cannot be read, or its pages are not there to be drawn again.
    """
    manifest, pdfs = load.load_release(since)
    if comparable(manifest, DRAWN_BY):
        return manifest
    printed = [str(one["path"]) for one in manifest["documents"] if one.get("edition") in ("print", "large")]
    if not set(printed) <= set(pdfs):
        drawn = manifest.get("drawn_by", "another program")
        message = f"{since}: its pages were drawn by {drawn}, and this is {DRAWN_BY}: they cannot be compared"
        raise UsageError(message, "name the folder of that release, with its PDFs, instead of its manifest")
    return with_looks(manifest, pdfs)


def _compared(since: Path | None, before: Mapping[str, Any], manifest: Mapping[str, Any]) -> Delta:
    try:
        return compare(before, manifest)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        message = f"{since}: this is no manifest of a release: {error!r} is missing or wrong"
        raise UsageError(message, "name the folder of an earlier release, or its manifest.json") from error
