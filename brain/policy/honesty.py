"""Whether a reply claims that a person writes it, or that no AI does: forbidden, whatever a persona or policy says."""

from __future__ import annotations

from brain.policy.patterns import Patterns


class Honesty:
    """Reads folded replies in six languages. It calls no model and keeps nothing between calls."""

    def __init__(self) -> None:
        self._patterns = Patterns("brain.policy", "honesty.toml")

    def find(self, text: str) -> tuple[int, int] | None:
        """Where a folded text says that its writer is human, or no AI."""
        return self._find("denies", text)

    def find_answer(self, text: str, *, asked: bool) -> tuple[int, int] | None:
        """`find`; after a question whether an AI writes (`asked`), a bare "of course, silly" says it too."""
        return self._find("denies", text) or (self._find("answers", text) if asked else None)

    def admits(self, text: str) -> bool:
        """Whether a folded text plainly says that an AI writes, and says nothing against it."""
        said = any(self._patterns.find(language, "admits", text) for language in self._patterns.languages)
        return said and self.find(text) is None

    def _find(self, sign: str, text: str) -> tuple[int, int] | None:
        """Each language looks at the text without what it admits and without the sayings that mean nothing."""
        for language in self._patterns.languages:
            shown = self._patterns.blot(language, "harmless", self._patterns.blot(language, "admits", text))
            if span := self._patterns.find(language, sign, shown):
                return span
        return None
