"""What a release is made with, and under which licences: a bill of materials (CycloneDX 1.6) and LICENCES.md. Pure.

Packages are those of the lock file with what their own metadata says of their licence; fonts are those that documents
hold parts of. Nothing depends on the machine but what the lock file says must be there.
"""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from taiyaku.errors import MachineError
from taiyaku.release.provenance import FontFile

BOM: Final = "sbom.cdx.json"
LICENCES: Final = "LICENCES.md"
CODE: Final = "MIT"

_LOCKED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of the lock file."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Package:
    """A package with its licence: an SPDX expression where there is one, else what its authors call it."""

    locked: Locked
    licence: str
    summary: str


def locked_packages(lock: str) -> tuple[Locked, ...]:
    """Read a lock file (pip's requirements format)."""
    return tuple(Locked(match[1].lower(), match[2]) for match in _LOCKED.finditer(lock))


def packages(lock: str, metadata: Mapping[str, Message]) -> tuple[Package, ...]:
    """Return the packages of a lock file with their licences from the metadata of what is installed, by name.

    Raises:
        MachineError: a package is not installed, or in another version.
    """
    return tuple(_package(locked, metadata.get(locked.name)) for locked in locked_packages(lock))


def _package(locked: Locked, known: Message | None) -> Package:
    version = str(known["Version"]) if known is not None else "missing"
    if known is None or version != locked.version:
        message = f"{locked.name}: the lock file says {locked.version}, and this machine has {version}"
        raise MachineError(message, "run: python3 build.py release")
    return Package(locked, _licence(known), str(known["Summary"] or ""))


_SPDX: Final[Mapping[str, str]] = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages without an SPDX expression say in their classifiers, or in their own words."""


def _licence(known: Message) -> str:
    """Return what a package says of its licence: its expression (PEP 639), else its classifiers, else its own words."""
    if known["License-Expression"]:
        return str(known["License-Expression"])
    names = [str(one).rpartition(" :: ")[2] for one in known.get_all("Classifier", []) if "License ::" in str(one)]
    named = [_SPDX.get(name, name) for name in names if name != "OSI Approved"]
    if named:
        return " OR ".join(dict.fromkeys(named))
    own = " ".join(str(known["License"] or "not said").split())[:60]
    return _SPDX.get(own, own)


def bill(
    own: Iterable[Package], fonts: Iterable[FontFile], *, version: str, date: dt.date, profile_sha256: str = ""
) -> str:
    """Return the bill of materials as JSON, the same for the same parts: its serial number comes from them."""
    parts = (*map(_of_package, own), *map(_of_font, fonts), *(_of_profile(profile_sha256) if profile_sha256 else ()))
    root = Component(name="taiyaku", version=version, type=ComponentType.APPLICATION, bom_ref="taiyaku")
    root.licenses.add(LicenseFactory().make_from_string(CODE))
    names = "\n".join(sorted(f"{one.bom_ref.value}" for one in parts))
    made = Bom(components=parts, serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"taiyaku {version}\n{names}"))
    made.metadata.timestamp = dt.datetime.combine(date, dt.time(), dt.UTC)
    made.metadata.component = root
    made.register_dependency(root, list(parts))
    written = json.loads(JsonV1Dot6(made).output_as_string())
    return json.dumps(written, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _of_package(one: Package) -> Component:
    address = PackageURL("pypi", name=one.locked.name, version=one.locked.version)
    made = Component(
        name=one.locked.name,
        version=one.locked.version,
        purl=address,
        bom_ref=str(address),
        description=one.summary or None,
    )
    made.licenses.add(LicenseFactory().make_from_string(one.licence))
    return made


def _of_font(one: FontFile) -> Component:
    made = Component(
        name=one.name,
        version=one.version,
        type=ComponentType.FILE,
        bom_ref=f"font:{one.name}@{one.version}",
        description="a font; documents hold the characters that they use",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one.sha256)],
        external_references=[
            ExternalReference(type=ExternalReferenceType.LICENSE, url=XsUri("https://openfontlicense.org"))
        ],
    )
    made.licenses.add(LicenseFactory().make_from_string(one.licence))
    return made


def _of_profile(sha256: str) -> Iterator[Component]:
    yield Component(
        name="default_cmyk.icc",
        type=ComponentType.FILE,
        bom_ref="profile:default_cmyk.icc",
        description="the colour profile that press editions name and hold; it comes with Ghostscript",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
    )


def licences(own: Iterable[Package], fonts: Iterable[FontFile]) -> str:
    """Return LICENCES.md: what one may do with the documents, first, then what they are made with."""
    return "\n".join((_LICENCES, *_font_lines(fonts), "", *_package_lines(own))) + "\n"


_LICENCES: Final = """\
# Licences

- **What the documents say, and their pictures**: CC BY 4.0. You may copy, change and share them, also for money, if you
  name where they come from. <https://creativecommons.org/licenses/by/4.0/>
- **The program that makes them**: MIT.
- **The fonts in the documents**: SIL Open Font License 1.1. A document holds only the characters that it uses, and is
  not itself bound by that licence (its paragraph 5). <https://openfontlicense.org>
- **The colour profile in press editions** is the one that comes with Ghostscript, unless the printing house's own was
  named.

## Fonts
"""


def _font_lines(fonts: Iterable[FontFile]) -> Iterator[str]:
    yield from ("| font | version | licence |", "|---|---|---|")
    yield from (f"| {font.name} | {font.version} | {font.licence} |" for font in fonts)


def _package_lines(own: Iterable[Package]) -> Iterator[str]:
    yield from ("## Packages that the program uses", "", "None of them is in a document.", "")
    yield from ("| package | version | licence |", "|---|---|---|")
    yield from (f"| {one.locked.name} | {one.locked.version} | {one.licence} |" for one in own)
