"""The colour profile of the press: chosen by name or found on the machine."""

from pathlib import Path

from taiyaku.errors import MachineError, UsageError
from taiyaku.own_files import SET_UP
from taiyaku.system_files import find_profile


def load_profile(chosen: Path | None) -> bytes:
    """Read the colour profile of the press: the shop's own, else the one that this machine has.

    Raises:
        UsageError: the chosen file cannot be read.
        MachineError: none was chosen, and the machine has none.
    """
    if chosen is None:
        found = find_profile()
        if found is None:
            raise MachineError("this machine has no CMYK colour profile", SET_UP)
        return found.read_bytes()
    try:
        return chosen.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"{chosen}: cannot read the profile: {why}", "give an ICC file with --profile FILE") from error
