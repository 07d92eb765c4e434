"""Conversations that nothing is lost from: trees of messages in one SQLite file, or in a PostgreSQL.

Every message knows its parent, so another answer to the same message is a sibling and nothing is ever overwritten; a
conversation's `head` says where it stands, and its `tip` how far it once went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.errors import DataError
from brain.store import copying, prompts, replies, search, sessions, tree
from brain.store.engine import Database
from brain.store.explanations import turns_of
from brain.store.migrations import bring_up_to_date
from brain.store.owner import this_process
from brain.store.purge import purge
from brain.store.rows import conversation_row, message_row, move, utc, writable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from brain.models import Message, State
    from brain.store.values import Asked, Found, Interrupted, SessionInfo, StoredMessage


class Store:
    """The conversations of one person. Safe from several processes and threads; on disk when a method returns.

    Every method raises UnavailableError when the store is locked for too long, full, or gone, and NotFoundError when it
    is given a conversation or a message that is not there.
    """

    def __init__(self, url: str) -> None:
        """Opens the store, makes it when it is new, and brings it up to date when it is old.

        `url` is sqlite:///FILE, sqlite:// (in memory, gone when closed) or postgresql://USER:PASSWORD@HOST/NAME.
        Raises ConfigError for another one, DataError for what is no store of ours or a newer one, KeyRefusedError,
        NotFoundError or UnavailableError when a server does not let us in.
        """
        self._database = Database(url)
        self._owner = this_process()
        try:
            bring_up_to_date(self._database)
        except BaseException:
            self.close()
            raise

    @property
    def place(self) -> str:
        """Where it is, without user and password."""
        return self._database.place

    def close(self) -> None:
        """Lets go of it."""
        self._database.close()

    # What is said

    def begin(self, voice: str, now: datetime, *, title: str | None = None) -> str:
        """A new conversation with this voice; its id."""
        with self._database.write() as connection:
            return copying.begin(connection, voice, now=now, updated=now, title=title)

    def add(
        self,
        conversation: str,
        message: Message,
        *,
        parent: int | None,
        now: datetime,
        turn: dict[str, Any] | None = None,
        state: State = "done",
    ) -> int:
        """Adds a whole message under `parent` and moves head and tip to it; its id.

        A conversation that was removed is restored.
        """
        with self._database.write() as connection:
            return replies.add(connection, conversation, message, parent=parent, now=now, turn=turn, state=state)

    def ask(self, conversation: str, message: Message | None, *, parent: int | None, now: datetime) -> Asked:
        """The user's message and the empty row of its reply, both or neither; the head moves to the message.

        Without a message the reply is another one under `parent`, and the head moves there. A conversation that
        was removed is restored.
        """
        with self._database.write() as connection:
            return replies.ask(connection, conversation, message, parent=parent, now=now, owner=self._owner)

    def write(self, reply: int, text: str, now: datetime) -> None:
        """All that there is of a reply so far, and a sign of life; with its first word the head moves to it.

        It changes nothing once the reply was finished: a piece may come late.
        """
        with self._database.write() as connection:
            replies.grow(connection, reply, text, now=now, owner=self._owner)

    def beat(self, reply: int, now: datetime) -> None:
        """A sign of life: another program takes a reply that is silent for ten seconds for dead."""
        with self._database.write() as connection:
            replies.beat(connection, reply, now=now, owner=self._owner)

    def explain(
        self, reply: int, *, turn: dict[str, Any] | None = None, prompt: Sequence[Sequence[Mapping[str, str]]] = ()
    ) -> None:
        """Why a reply that is still being written reads as it does, so far; as for `finish`, which says it for good."""
        with self._database.write() as connection:
            replies.explain(connection, reply, turn=turn, prompt=prompt, owner=self._owner)

    def finish(
        self,
        reply: int,
        text: str,
        *,
        state: State,
        now: datetime,
        turn: dict[str, Any] | None = None,
        prompt: Sequence[Sequence[Mapping[str, str]]] = (),
    ) -> None:
        """The last word on a reply, safe from a power cut too.

        Head and tip move to it when it has text, unless they were moved elsewhere meanwhile or are below it already.
        `prompt` holds the messages of each call of the model, as `role` and `content`. Without text the conversation
        stands again where it stood before another reply was asked for.
        """
        with self._database.write("lasting") as connection:
            replies.finish(connection, reply, text, state=state, now=now, turn=turn, prompt=prompt, owner=self._owner)

    def recover(self, now: datetime, *, voice: str | None = None) -> tuple[Interrupted, ...]:
        """Marks the replies whose process died, newest first; those that were removed are marked and not told.

        A reply is dead when its process is, or when it gave no sign of life for ten seconds.
        """
        with self._database.read() as connection:
            if not replies.anything_unfinished(connection):
                return ()
        with self._database.write() as connection:
            return replies.recover(connection, now=now, voice=voice)

    # The tree

    def path(self, conversation: str) -> tuple[StoredMessage, ...]:
        """The messages from the first to the head; one without text never appears."""
        with self._database.read() as connection:
            return tree.path_to(connection, conversation_row(connection, conversation).head)

    def head(self, conversation: str) -> StoredMessage | None:
        """Where the conversation stands: the last message of its path, None before the first. Cheap at any length."""
        with self._database.read() as connection:
            return tree.head_of(connection, conversation)

    def tree(self, conversation: str) -> tuple[StoredMessage, ...]:
        """Every message that has text, in the order they came."""
        with self._database.read() as connection:
            conversation_row(connection, conversation)
            return tree.whole_tree(connection, conversation)

    def alternatives(self, message: int) -> tuple[int, ...]:
        """The message and everything else the same side said at that place, oldest first."""
        with self._database.read() as connection:
            return tree.siblings(connection, message)

    def choose(self, conversation: str, message: int) -> None:
        """Moves the head to the message, and the tip to the newest one below it."""
        with self._database.write() as connection:
            tree.choose(connection, conversation, message)

    def undo(self, conversation: str, n: int) -> int:
        """Moves the head to before the user's last `n` messages (several in a row are one); how many there were."""
        with self._database.write() as connection:
            return tree.step_back(connection, conversation, n)

    def redo(self, conversation: str, n: int) -> int:
        """Moves the head forward again by `n` exchanges, towards the tip; how many there were."""
        with self._database.write() as connection:
            return tree.step_forward(connection, conversation, n)

    def fork(self, conversation: str, now: datetime) -> str:
        """A new conversation with a copy of everything on the path to the head; its id."""
        with self._database.write() as connection:
            return copying.fork(connection, conversation, now)

    def plant(
        self,
        voice: str,
        messages: Sequence[StoredMessage],
        *,
        now: datetime,
        updated: datetime | None = None,
        title: str | None = None,
        head: int | None = None,
        turns: Mapping[int, dict[str, Any]] | None = None,
    ) -> str:
        """A new conversation with a whole tree in it, parents first, `turns` by the old ids; its id.

        Every message gets a new id. The head stands at `head`, an old id, or at the last message. `now` is when the
        conversation was begun and the time of messages without one. Raises DataError when a message has no place.
        """
        with self._database.write() as connection:
            target = copying.begin(connection, voice, now=now, updated=updated or now, title=title)
            copying.plant(connection, target, messages, head=head, turns=turns or {}, now=now)
            return target

    # What explains a reply

    def turn(self, message: int) -> dict[str, Any] | None:
        """Why a reply reads as it does, as it was given to `add` or `finish`."""
        with self._database.read() as connection:
            turn: dict[str, Any] | None = message_row(connection, message).turn
            return turn

    def turns(self, conversation: str) -> dict[int, dict[str, Any]]:
        """`turn` of every reply of a conversation that has one, by its id."""
        with self._database.read() as connection:
            conversation_row(connection, conversation)
            return turns_of(connection, conversation)

    def prompt(self, message: int) -> tuple[tuple[dict[str, str], ...], ...]:
        """The exact messages of each call of the model behind a reply, as they were given to `finish`."""
        with self._database.read() as connection:
            return prompts.read_prompt(connection, message)

    # All conversations

    def latest(self, voice: str | None = None) -> tuple[str, str]:
        """Id and voice of the conversation that was last written to. Raises NotFoundError when there is none."""
        with self._database.read() as connection:
            return sessions.latest(connection, voice)

    def said(self, voice: str, *, most: int = 1000) -> Sequence[str]:
        """What the user typed to this voice, newest first: the input history."""
        with self._database.read() as connection:
            return sessions.said(connection, voice, most)

    def session(self, conversation: str) -> SessionInfo:
        """One conversation at a glance, removed or not."""
        with self._database.read() as connection:
            return sessions.one_session(connection, conversation)

    def sessions(self, *, voice: str | None = None, limit: int = 50, removed: bool = False) -> tuple[SessionInfo, ...]:
        """The conversations in which something was said, newest first; with `removed`, only those that were."""
        with self._database.read() as connection:
            return sessions.newest_sessions(connection, voice=voice, limit=limit, removed=removed)

    def search(self, words: str, *, voice: str | None = None, limit: int = 20) -> tuple[Found, ...]:
        """Conversations with all these words in their title or in one message, the newest such message of each.

        A word may be the beginning of one, in any case and with or without accents; the first 32 count. Never those
        that were removed, and a thousand at most.
        """
        with self._database.read() as connection:
            return search.search(connection, words, voice=voice, limit=limit)

    def find(self, wanted: str, *, removed: bool | None = False) -> str:
        """The id of the conversation meant by an id, a title, the only beginning of an id, or words; in this order.

        A beginning has 3 letters or more. With `removed` one of those that were, never by words; with None of all: by
        a whole id any, else those that were not removed first.
        """
        with self._database.read() as connection:
            return search.find(connection, wanted, removed=removed)

    def rename(self, conversation: str, title: str) -> None:
        """Gives it a title. Raises DataError for one without a word in it."""
        name = " ".join(writable(title).split())
        if not name:
            raise DataError("There is no text in that title.", hint="Type a few words.")
        self._change(conversation, title=name)

    def remove(self, conversation: str, now: datetime) -> None:
        """Puts it away: it is listed among the removed, found nowhere, and can be restored."""
        self._change(conversation, deleted=utc(now))

    def restore(self, conversation: str) -> None:
        """Takes it back from the removed."""
        self._change(conversation, deleted=None)

    def purge(self, conversation: str) -> None:
        """Removes it for good: rows, search index and free pages. Nothing else removes anything.

        Raises UnavailableError when another program keeps its old bytes in use.
        """
        purge(self._database, conversation)

    def _change(self, conversation: str, **columns: str | None) -> None:
        with self._database.write() as connection:
            conversation_row(connection, conversation)
            move(connection, conversation, **columns)
