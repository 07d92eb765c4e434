"""Emoji as a reader counts them: a keycap, a flag, or a picture with all that is joined to it (Unicode TR 51)."""

from __future__ import annotations

import re

_PICTURE = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
EMOJI = re.compile(
    "[0-9#*]\ufe0f?\u20e3"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    f"|[{_PICTURE}]"
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
    f"(?:\u200d[\u2190-\u21ff{_PICTURE}][\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
