"""Compiling a voice: which of a client's replies become demos, and what the compiled program then asks."""

from __future__ import annotations

from itertools import repeat

import dspy
import pytest
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, talk, them, us

from brain.adapters import ChatTurnAdapter
from brain.dataset import load_conversations
from brain.demos import DemoBank, Row, unit
from brain.lms.embedder import load_embedder
from brain.models import Conversation, Persona, Recipe
from brain.modules.chat import ChatProgram
from brain.voices import bundled_data
from optimizers.knn_few_shot import KNNFewShot, allowed_rows, demo_scores

BUNDLED = bundled_data() / "conversations.json"
MARKER = "[[ ## reply ## ]]\n"


@pytest.fixture
def student(rules):
    """A program that has learned nothing yet."""
    return ChatProgram(Persona(name="Nela", id="nela"), rules)


def example(message, reply, **more):
    conversation = message if isinstance(message, Conversation) else talk(message)
    return dspy.Example(conversation=conversation, reply=reply, **more).with_inputs("conversation")


TRAINSET = [example("good morning", "mornin"), example("good night", "nn"), example("how is the cat", "in charge")]


def test_the_compiled_program_answers_with_the_nearest_real_reply_as_demo(student):
    """One LM call a turn, and none to compile."""
    engine = ScriptedEngine(["oh hello"])
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        program = KNNFewShot(HashEmbedder(), k=1).compile(student, trainset=TRAINSET)
        prediction = program.replier(conversation=talk("good morning nela"), situation="")

    (prompt,) = engine.prompts
    assert [turn["content"] for turn in prompt[1:]] == ["good morning", "mornin", "good morning nela"]
    assert [demo.id for demo in prediction.demos] == ["0"]


def test_the_student_itself_stays_as_it_was(student):
    """Compiling gives a copy, as DSPy's optimizers do."""
    program = KNNFewShot(HashEmbedder(), k=1).compile(student, trainset=TRAINSET)

    assert program is not student
    assert student.replier.reply.bank is None
    assert (student.replier.learned.longest, program.replier.learned.longest) == (60, 8)


def test_k_is_never_more_than_there_are_replies(student):
    """So that the manifest tells the truth."""
    program = KNNFewShot(HashEmbedder(), k=9).compile(student, trainset=TRAINSET)

    assert program.replier.reply.k == 3


def test_k_is_the_only_part_of_the_recipe_that_compiling_sets(rules):
    """The rest is the student's own."""
    recipe = Recipe(k=7, layout="block", strategy="mmr", rhythm=False, candidates=2)
    student = ChatProgram(Persona(name="Nela", id="nela"), rules, recipe=recipe)
    replier = KNNFewShot(HashEmbedder(), k=2).compile(student, trainset=TRAINSET).replier

    assert replier.recipe == recipe.model_copy(update={"k": 2})
    assert (replier.reply.k, replier.reply.strategy) == (2, "mmr")
    assert student.replier.recipe == recipe


def test_card_and_ear_are_learned_from_what_may_be_said(student):
    """Against all that the other party wrote in these talks; a blocked reply teaches nothing."""
    trainset = [
        example(
            talk(f"Well Then, Number {n}.", "hm", f"Good Day! How Are You, Number {n}?"), f"oh lol {n} all fine tho"
        )
        for n in range(12)
    ]
    blocked = example("hi", "oh just follow me on instagram when you have the time for it")
    learned = KNNFewShot(HashEmbedder()).compile(student, trainset=[*trainset, blocked]).replier.learned

    own, other, earlier = learned.ear.hear(
        ["oh lol 77 all fine tho", "How Are You, Number 77?", "Well Then, Number 77."]
    )
    assert own > max(other, earlier)
    assert any("lol" in fact for fact in learned.card)
    assert "instagram" not in " ".join(learned.card)
    assert len(learned.shingles) == 0


def test_what_the_client_said_before_is_nobody_elses(student):
    """Only the other party stands for what the client does not sound like; here they said two things in all."""
    trainset = [example(talk("hi", f"earlier words {n}", "and you?"), f"reply number {n}") for n in range(12)]
    learned = KNNFewShot(HashEmbedder()).compile(student, trainset=trainset).replier.learned

    assert learned.ear is None
    assert learned.card


def test_what_is_embedded_is_what_waited_for_an_answer(student):
    """The other person's last messages in a row, without the talk before; then the reply, to learn how near it is."""
    embed, told = HashEmbedder(), []
    conversation = Conversation(messages=(them("hi"), us("hey"), them("so"), them("how are you")))
    KNNFewShot(embed, tick=told.append).compile(student, trainset=[example(conversation, "fine")])

    assert embed.texts == ["so\nhow are you", "fine"]
    assert told == [1]


@pytest.mark.parametrize(
    "reply",
    [
        "follow me on instagram",
        "add me on wh4tsapp, it's easier",
        "let's grab a coffee at the corner tonight at 8, i'll pick you up",
    ],
)
def test_a_reply_the_policy_blocks_never_becomes_a_demo(student, reply):
    """A demo is shown to the model as the way to answer; one bad example would teach it."""
    program = KNNFewShot(HashEmbedder(), k=4).compile(student, trainset=[*TRAINSET, example("hi", reply)])

    assert [row.reply for row in map(program.replier.bank.row, range(3))] == ["mornin", "nn", "in charge"]
    assert len(program.replier.bank) == 3
    assert reply.encode() not in program.replier.bank.encoded


def test_what_the_other_person_raised_may_stay(student):
    """The client turning away from it is just what the model should see."""
    turned_away = example("are you on instagram?", "i like it right here, how was your day?")

    assert len(allowed_rows(student, [turned_away])) == 1


def test_ids_stay_those_of_the_trainset_when_replies_are_left_out(student):
    """An id is the index of the conversation, and evaluation leaves out by it; an example may bring its own."""
    trainset = [example("hi", "find me on instagram"), *TRAINSET, example("bye", "see you", id="b7")]

    assert [row.id for row in allowed_rows(student, trainset)] == ["1", "2", "3", "b7"]


def test_equal_pairs_count_once(student):
    """A greeting sent a hundred times must not fill all k places; another answer to it stays."""
    trainset = [
        example("hi", "hey"),
        example("hi", "hey"),
        example("hi", "oh you"),
        example("hi\u200b", "hey\x1b[0m"),
    ]

    assert allowed_rows(student, trainset) == [Row("0", "hi", "hey"), Row("2", "hi", "oh you")]


def test_rows_are_cleaned_for_display(student):
    """What was hidden in an export must not reach a prompt."""
    trainset = [example("h\u202ei", "\x1b[31mhey\x1b[0m 👩‍🚀"), example("x", "\x1b[0m\u200b")]

    assert allowed_rows(student, trainset) == [Row("0", "hi", "hey 👩‍🚀")]


def test_an_empty_trainset_compiles_to_a_program_without_demos(student):
    """Whoever calls it decides whether that is an error."""
    program = KNNFewShot(HashEmbedder(), k=4).compile(student, trainset=[])

    assert (len(program.replier.bank), program.replier.reply.k) == (0, 0)


def test_compiling_a_second_time_starts_afresh(student):
    """New data replaces the old."""
    optimizer = KNNFewShot(HashEmbedder(), k=4)
    again = optimizer.compile(optimizer.compile(student, trainset=TRAINSET), trainset=TRAINSET[:1])

    assert len(again.replier.bank) == 1


class MessageReply(dspy.Signature):
    """Reply."""

    message: str = dspy.InputField()
    reply: str = dspy.OutputField()


@pytest.mark.parametrize("k", [1, 4, 7])
def test_the_demos_are_those_of_dspys_own_knn_few_shot(student, k):
    """Labelled only, with the same embedder: the same replies stand in the prompt for every message.

    It embeds `message: …` and multiplies without scaling, so both are undone for it.
    """
    pairs = {each.chat_history.last_from_other: each.output for each in load_conversations(BUNDLED)}
    known, asked = list(pairs)[: len(pairs) // 2], list(pairs)[len(pairs) // 2 :]
    embed = load_embedder()

    def vectorize(prefixed):
        return unit(embed([text.removeprefix("message: ") for text in prefixed]))

    trainset = [dspy.Example(message=text, reply=pairs[text]).with_inputs("message") for text in known]
    optimizer = dspy.KNNFewShot(k, trainset, vectorize, max_bootstrapped_demos=0, max_labeled_demos=k)
    theirs, their_engine = optimizer.compile(dspy.Predict(MessageReply)), ScriptedEngine(repeat(f"{MARKER}x"))
    ours = KNNFewShot(embed, k=k).compile(student, trainset=[example(text, pairs[text]) for text in known])
    our_engine = ScriptedEngine(repeat("x"))
    for text in asked:
        with dspy.context(lm=scripted_lm(their_engine), adapter=dspy.ChatAdapter()):
            theirs(message=text)
        with dspy.context(lm=scripted_lm(our_engine), adapter=ChatTurnAdapter()):
            ours.replier(conversation=talk(text), situation="")

    assert len(ours.replier.bank) == len(known)
    assert len(our_engine.requests) == len(their_engine.requests) == len(asked) > 50
    for our_prompt, their_prompt in zip(our_engine.prompts, their_engine.prompts, strict=True):
        shown = [content.removeprefix(MARKER).split("\n\n[[ ##")[0] for content in replies_in(their_prompt)]
        assert len(shown) == k
        assert sorted(replies_in(our_prompt)) == sorted(shown)


def replies_in(prompt):
    return [turn["content"] for turn in prompt if turn["role"] == "assistant"]


def test_demos_are_scored_leave_one_out():
    """Messages of one kind were answered alike, so their neighbours' replies are nearer than random ones."""
    rows = [
        Row(str(number), f"{kind} question {number}", f"{kind} answer of ours")
        for number, kind in enumerate(["kiln", "sea", "cat"] * 6)
    ]
    scores = demo_scores(DemoBank.build(rows, HashEmbedder()), 3)

    assert scores["demo_similarity"] > scores["random_similarity"] + 0.1
    assert demo_scores(DemoBank.build(rows[:2], HashEmbedder()), 3) == {}
