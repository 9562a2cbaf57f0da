"""What one status says, judged from its words: state, reason to wait, whose time it is."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from millrace.ingest.recognition.vocabulary import phrases, vocabulary
from millrace.ingest.recognition.words import Found, Lexicon, plain
from millrace.model.state import Side, State, WaitReason

SIDE_OF_REASON = {WaitReason.REQUESTER: Side.REQUESTER, WaitReason.SUPPLIER: Side.SUPPLIER}


@dataclass(frozen=True)
class Judgement:
    """What a label says; `state` None where it says nothing."""

    state: State | None
    wait_reason: WaitReason
    sureness_ratio: float
    why: str

    @property
    def side(self) -> Side:
        """Whose time it is, which follows from the reason to wait."""
        return SIDE_OF_REASON.get(self.wait_reason, Side.PROVIDER)


def nothing(why: str, sureness_ratio: float = 0.0) -> Judgement:
    """The judgement that a label changes nothing."""
    return Judgement(None, WaitReason.NONE, sureness_ratio, why)


@cache
def judge_status(label: str) -> Judgement:
    """What the status `label` sets, by the first rule of the vocabulary that its words meet."""
    found = _lexicon().find(label)
    notions = [word.notion for word in found]
    for rule in vocabulary("status_words")["rules"]:
        if _meets(rule, notions):
            return _by_rule(rule, label, found)
    if notions and set(notions) == {"junk"}:
        return nothing(f"“{label}” stands for no status", 0.8)
    return nothing(f"“{label}” has no word that is known; until someone says what it means, it changes nothing")


@cache
def judge_milestone(label: str) -> tuple[Judgement, bool]:
    """What the activity `label` sets in a log of activities, and whether it reopens: only plain milestones count."""
    nouns = {word.text for word in _lexicon().find(label) if word.notion == "item"}
    rest = " ".join(word for word in plain(label).split() if word not in nouns)
    for notion, written in _milestones().items():
        if rest in written:
            if notion == "reopened":
                return nothing(f"“{label}” opens the item again", 0.9), True
            return Judgement(State(notion), WaitReason.NONE, 0.9, f"“{label}” is the item’s end"), False
    return nothing(f"“{label}” is work, not a state", 0.7), False


@cache
def reads_as_state(label: str) -> bool:
    """True where the label is a state (“In progress”) rather than an action (“Create fine”, “Ticket updated”)."""
    judgement = judge_status(label)
    names_item = any(word.notion == "item" for word in _lexicon().find(label))
    return judgement.state is not None and judgement.sureness_ratio >= 0.6 and not names_item


def _meets(rule: dict[str, Any], notions: list[str]) -> bool:
    if "all" in rule:
        return set(rule["all"]) <= set(notions)
    first, then = rule["then"]
    return first in notions and then in notions[notions.index(first) + 1 :]


def _by_rule(rule: dict[str, Any], label: str, found: tuple[Found, ...]) -> Judgement:
    told = sum(word.end - word.start for word in found)
    share_told = min(1.0, told / max(1, len(plain(label).replace(" ", ""))))
    deciding = [word.text for word in found if word.notion in rule.get("all", rule.get("then", ()))]
    words = " and ".join(f"“{word}”" for word in dict.fromkeys(deciding))
    return Judgement(
        State(rule["state"]),
        WaitReason(rule.get("reason", "none")),
        round(rule["sure"] * (0.5 + 0.5 * share_told), 2),
        f"{words} in “{label}” says that {rule['why']}",
    )


@cache
def _lexicon() -> Lexicon:
    notions = vocabulary("status_words")["notions"]
    return Lexicon({notion: phrases(written) for notion, written in notions.items()})


@cache
def _milestones() -> dict[str, frozenset[str]]:
    written = vocabulary("status_words")["milestones"]
    return {notion: frozenset(map(plain, phrases(text))) for notion, text in written.items()}
