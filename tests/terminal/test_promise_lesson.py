"""An edited reply is a lesson: kept, counted, learned by the next compile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from running import persona

if TYPE_CHECKING:
    from pathlib import Path


def test_a_kept_reply_is_counted_learned_and_then_an_example(home: Path, server: OllamaServer) -> None:
    """From /edit them to a demo of the next version, shown when something alike is said."""
    server.script(Reply("Dear customer, the zeppelin mug is unavailable."))
    typed = ["is the zeppelin mug still there?", "/edit them zeppelin mug flew off on sunday", "y", "/keep", ""]
    taught = persona("chat", home=home, server=server, given="\n".join(typed))
    assert taught.returncode == 0
    assert "Traceback" not in taught.stdout + taught.stderr

    waiting = persona("voices", "show", "nela", home=home)
    assert "1 " in waiting.stdout.partition("lesson")[0][-12:] + waiting.stdout.partition("lesson")[2][:20]
    before = json.loads(persona("voices", "show", "nela", "--json", home=home).stdout)

    compiled = persona("compile", "nela", "--listen", "0", home=home, server=server)
    assert compiled.returncode == 0, compiled.stderr
    after = json.loads(persona("voices", "show", "nela", "--json", home=home).stdout)
    assert before != after

    asked = persona("ask", "--json", "is the zeppelin mug still there?", home=home, server=server)
    assert asked.returncode == 0, asked.stderr
    assert "zeppelin mug flew off on sunday" in str(server.requests[-1].body["messages"])
    assert "Dear customer" not in str(server.requests[-1].body["messages"])


def test_the_same_exchange_is_one_lesson_however_often_it_is_kept(home: Path, server: OllamaServer) -> None:
    """And an exchange that was not edited may be kept as well."""
    server.script(Reply("good as it is"))
    done = persona("chat", home=home, server=server, given="hello there\n/keep\n/keep\n")

    assert done.returncode == 0
    lessons = (home / "data" / "voices" / "nela" / "lessons.jsonl").read_text().splitlines()
    assert len(lessons) == 1
    assert json.loads(lessons[0])["output"] == "good as it is"
