"""Names from content that become paths and addresses: of guides, chapters, pictures, hosts. Pure."""

import unicodedata
from typing import Final

_MARKS: Final = frozenset("-_.,+()&' ")
"""What a name may hold in ASCII besides letters and digits; all else there means something to a shell or in a path."""


def is_name(name: str) -> bool:
    """Tell whether a file or folder may be called so: letters of any script, digits, and a few marks between them.

    It begins with no hyphen, which would be an option, and no point, which would be hidden; it ends with no point or
    space, which Windows drops. Nothing in it is invisible: no control, no line break, no change of direction.
    """
    return bool(name) and name[0] not in "-. " and name[-1] not in ". " and all(map(_may_stand, name))


def _may_stand(char: str) -> bool:
    return char.isalnum() or char in _MARKS if char.isascii() else unicodedata.category(char)[0] in "LMNPS"
