"""Which value chain activity a step's name suggests; a first guess for people to correct."""

import re

_WORDS = {
    "Plan": r"\bplan|schedul|priorit|portfolio|strateg",
    "Engage": r"\bnew\b|submit|regist|creat|open|request|log\b|logg|intake|triage|first line|"
    r"1st line|service ?desk|interaction|call|contact|inform|notify|confirm|feedback|survey|customer|user",
    "Design & transition": r"design|analy|assess|review|approv|accept|test|deploy|release|transition|evaluat",
    "Obtain/build": r"build|develop|implement|configur|provision|order|purchas|procure|obtain|vendor|supplier|quot",
    "Deliver & support": r"assign|queue|progress|active|work|investigat|diagnos|resol|fix|restor|fulfil|deliver|"
    r"support|line\b|update|escalat|clos",
    "Improve": r"improv|lesson|problem|root cause|review after|retrospect",
}


def likely_activities(step: str) -> tuple[str, ...]:
    """The value chain activity whose words the name holds, by the order of specificity; none where none fits."""
    lowered = step.lower()
    for activity in ("Improve", "Plan", "Obtain/build", "Engage", "Design & transition", "Deliver & support"):
        if re.search(_WORDS[activity], lowered):
            return (activity,)
    return ()
