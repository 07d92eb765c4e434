"""Every setting in words. Nothing heavy is imported, so that a shell may complete from it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_YES_OR_NO = ("true", "false")


class Setting(NamedTuple):
    """What a setting means; `choices` when it takes only these; whether a voice's own file may hold it."""

    meaning: str
    choices: tuple[str, ...] = ()
    of_voice: bool = True


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "voice": Setting("the voice to talk to: a name, NAME@VERSION or an artifact folder", of_voice=False),
        "model": Setting("embedded[:FILE], ollama/NAME, together/NAME or openai/NAME"),
        "api_base": Setting("the URL of an OpenAI-compatible server, with its /v1"),
        "temperature": Setting("0 always picks the likeliest word; 2 is wild"),
        "num_ctx": Setting("context length in tokens"),
        "keep_alive": Setting("how long Ollama keeps the model in memory: 10m, 2h, -1 for ever"),
        "timeout": Setting("seconds to wait for a model's next word"),
        "history": Setting("messages of a conversation sent at most"),
        "candidates": Setting("drafts of each reply, the best of them said by ear"),
        "policy": Setting("the operator's policy.toml"),
        "judge": Setting("auto or off: an able model judges doubtful replies", ("auto", "off")),
        "judge_model": Setting("a model of its own for the judge of replies"),
        "judge_timeout": Setting("seconds to wait for the judge"),
        "country": Setting("two letters, for help lines nearby"),
        "audit": Setting("keep a log of what the filter did, without the words", _YES_OR_NO, of_voice=False),
        "audit_text": Setting("let that log keep the words too", _YES_OR_NO, of_voice=False),
        "read_situation": Setting("let the model read the moment too: one more call a turn", _YES_OR_NO),
        "typing_speed": Setting("characters a second of a reply; 0 shows it at once"),
        "editing_mode": Setting("emacs or vi: the keys of the input line", ("emacs", "vi"), of_voice=False),
        "database_url": Setting("a PostgreSQL for the conversations: postgresql://USER@HOST/NAME", of_voice=False),
        "home": Setting("one folder for everything this program writes", of_voice=False),
    }
)
FIELDS_OF_A_FILE = tuple(name for name in SETTINGS if name != "home")


def nearest(name: str, among: tuple[str, ...] = tuple(SETTINGS)) -> str:
    """The name that was probably meant; empty when none is near."""
    import difflib

    return next(iter(difflib.get_close_matches(name.lower().replace("-", "_"), among, n=1)), "")
