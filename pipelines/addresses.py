"""Addresses as a message, a log or a manifest may show them: without user and password, keys and tokens left out.

An address in the environment (a mirror, a proxy) or in an answer of a server may carry a secret; a card's may not.
"""

from __future__ import annotations

import re

_USER = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)?//[^\s/]*@")
_ASKED = re.compile(r"([?&;][\w-]*(?:key|token|secret|pass|pwd|sig|auth|credential)[\w-]*=)[^&;\s'\"]+", re.IGNORECASE)


def shown(text: str) -> str:
    """The text, every address in it without what may be secret."""
    return _ASKED.sub(r"\1...", _USER.sub(r"\1//", text))
