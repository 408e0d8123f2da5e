"""What programs that are not ours say about every shipped document: qpdf, MuPDF, Ghostscript."""

import shutil
import subprocess
from typing import Final

import pytest

from tests.shipped import DOCUMENTS, Built

JUDGES: Final = {
    "qpdf": ("qpdf", "--check"),
    "mutool": ("mutool", "info"),
    "gs": ("gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=nullpage"),
}


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("judge", JUDGES)
def test_has_no_complaint(built: Built, judge: str, path: str) -> None:
    if shutil.which(judge) is None:
        pytest.skip(f"{judge} is not installed")
    command = (*JUDGES[judge], str(built.out / path))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    if judge == "gs":
        assert done.stdout == ""
