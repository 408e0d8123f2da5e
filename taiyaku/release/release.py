"""Calls what makes a release: a clean build of everything → pictures, packs, pages, words → one folder of files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from taiyaku.checks.prepare import Prepared, prepare
from taiyaku.content import load
from taiyaku.content.theme import load_theme
from taiyaku.errors import UsageError
from taiyaku.model.findings import Finding
from taiyaku.pipeline import build as pipeline
from taiyaku.pipeline import options, output, targets
from taiyaku.pipeline.build import Progress, silent
from taiyaku.pipeline.locking import scratch
from taiyaku.prepress.profile import load_profile
from taiyaku.release.bundle import ReleaseInputs, gather
from taiyaku.release.delta import Delta, comparable, compare
from taiyaku.release.earlier import load_release
from taiyaku.release.fingerprints import DRAWN_BY
from taiyaku.release.manifest import manifest_of, with_looks
from taiyaku.release.provenance import load_fonts, load_packages


@dataclass(frozen=True)
class ReleaseOptions:
    """What a release is made of: everything in the content folder, plain and for each host; compared with ``since``."""

    build: options.BuildOptions
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


def make_release(order: ReleaseOptions, progress: Progress = silent) -> Release:
    """Build everything anew and strictly, and gather what a release holds. With an error there are no files.

    Raises:
        UsageError: the earlier release cannot be read, or a host is not there.
    """
    before = _before(order.since) if order.since is not None else None
    made, findings = _build(order, progress)
    if not made:
        return Release({}, None, findings)
    theme = load_theme(order.build.content).theme
    guides = {one.content.name: one for one in _guides(order.build)}
    newest = max((one.content.guide for one in guides.values()), key=lambda guide: guide.date)
    texts = {name: (one.content, one.texts) for name, one in guides.items()}
    manifest = manifest_of(made, texts, version=newest.version, source_date=newest.date.isoformat())
    delta = _compared(order.since, before, manifest) if before is not None else None
    fonts = load_fonts(sorted({tag for one in guides.values() for tag in one.content.guide.languages}))
    lock, metadata = load_packages()
    profile = load_profile(order.build.profile)
    stock = ReleaseInputs(theme, guides, tuple(made), manifest, delta, lock, metadata, fonts, profile, order.url)
    return Release(gather(stock), delta, findings, len(made))


def _build(order: ReleaseOptions, progress: Progress) -> tuple[list[output.Artifact], tuple[Finding, ...]]:
    """Build everything in an empty folder, so that nothing old can get in; give nothing where there is an error."""
    with scratch(order.build.out) as folder:
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


def _guides(order: options.BuildOptions) -> list[Prepared]:
    loaded = (load.load_guide(order.content, name).content for name in targets.guide_names(order))
    return [prepare(content, draft=False) for content in loaded if content is not None]


def _before(since: Path) -> Mapping[str, Any]:
    """Read the earlier release; where another program drew its pages, draw them again.

    Raises:
        UsageError: it cannot be read, or its pages are not there to be drawn again.
    """
    manifest, pdfs = load_release(since)
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
