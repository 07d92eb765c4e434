"""English word lists that tell how somebody writes and not what about; another language simply finds none of them."""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST_PERSON = _listed("i me my mine myself i'm i'll i've i'd im ive ill id")
SECOND_PERSON = _listed("you your yours yourself you're you'll you've you'd u ur youre y'all")
OTHERS = _listed("he she it they him her them his hers its their theirs it's he's she's they're this that these those")
PLURAL = _listed("we us our ours ourselves we're we'll we've we'd let's")
ARTICLES = _listed("a an the")
JOINERS = _listed("and but or so because if then though although since while when cause cuz coz cos plus")
PREPOSITIONS = _listed(
    "of in on at to for with from by about as into over after before under between through against during without "
    "up down off out than like"
)
VERBS = _listed(
    "am is are was were be been being have has had having do does did doing can could will would shall should may "
    "might must gonna wanna gotta get got going"
)
NEGATIONS = _listed(
    "no not never nothing none nor don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't "
    "shouldn't haven't hasn't hadn't dont doesnt didnt isnt arent wasnt cant couldnt wont wouldnt nope nah"
)
HEDGES = _listed(
    "maybe perhaps probably possibly guess suppose think seems seem apparently somewhat kinda sorta might likely "
    "hopefully"
)
FILLERS = _listed("well like just really actually basically literally anyway honestly so oh ah hmm um uh hm er totally")
GREETINGS = _listed("hi hello hey heya hiya howdy yo morning evening bye goodnight night cya welcome cheers")
THANKS = _listed("thanks thank thx ty tysm thankyou cheers appreciated")
LAUGHTER = _listed("lol lmao rofl lmfao haha hahaha hahahaha hah heh hehe hehehe ha teehee jaja kkk xd")
AGREEMENTS = _listed(
    "yes yeah yep yup yea yay ok okay k kk sure right exactly indeed agreed cool great nice good fine true absolutely"
)
ABBREVIATIONS = _listed(
    "lol lmao u ur r btw idk imo imho omg tbh rn ikr brb np thx pls plz bc b4 gr8 ttyl afaik iirc fyi wtf ppl msg "
    "tmrw tho smth jk ofc nvm hmu ily irl dm asap aka"
)
BARE_CONTRACTIONS = _listed(
    "dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt havent hasnt hadnt im ive youre "
    "youve theyre thats whats hes shes theres lets aint yall whos"
)
_REST = _listed(
    "who whom whose what which where why how there here all any both each few more most other some such only own same "
    "too very even still yet already again ever also now not one two much many lot bit thing things something anything "
    "everything someone anyone way let make makes made go goes went come see know mean want need say said tell told "
    "thought feel look looks looking put take took give gave try work works back first last next around away "
    "please sorry wow ooh yay ugh hmm eh aw aww huh"
)
FUNCTION_WORDS = frozenset().union(
    FIRST_PERSON,
    SECOND_PERSON,
    OTHERS,
    PLURAL,
    ARTICLES,
    JOINERS,
    PREPOSITIONS,
    VERBS,
    NEGATIONS,
    HEDGES,
    FILLERS,
    GREETINGS,
    THANKS,
    LAUGHTER,
    AGREEMENTS,
    ABBREVIATIONS,
    BARE_CONTRACTIONS,
    _REST,
)
