"""What the terms of the method mean, told where a form asks for them."""

HELP: dict[str, str] = {
    "team": (
        "The one group that answers for the step. Where the team changes from one step to the next, the map shows a "
        "handoff: a place where work waits, and where things get lost."
    ),
    "value_class": (
        "What the step is worth to whoever needs the result. Value-adding: they would miss it. Necessary: they would "
        "not, but a law, a risk or the work itself asks for it. Waste: neither; it is there to be removed."
    ),
    "times": (
        "Process time is how long somebody’s hands are on one item. Wait before is how long the item lies there until "
        "somebody begins. Together they are the step’s lead time. Estimates will do: figures from a log stand beside "
        "them as soon as there is one. Write 15 min, 2 h or 1.5 d; a day has 24 hours."
    ),
    "complete_and_accurate": (
        "Per cent complete and accurate: of 100 items that this step hands on, how many can the next step use as they "
        "are, without asking, completing or correcting? Ask those who receive them, not those who send them."
    ),
    "value_chain_activity": (
        "Which of the framework’s kinds of work this is: to engage with the requester, to design, to obtain or build, "
        "to deliver and support, to plan, to improve. One step may be several."
    ),
    "practice": (
        "The practices that the step draws on, such as service desk or change enablement. A practice is what an "
        "organisation is able to do; a stream is one way through several of them."
    ),
    "waste": (
        "Waiting, rework, handoffs, needless approvals, work done twice, manual work that a machine could do: whatever "
        "the requester would not pay for."
    ),
    "match_rules": (
        "Each line is a rule: an event of the log belongs to the step where everything on the line holds. The steps "
        "are tried in their order, and the first that fits takes the event; what fits none is shown as unmapped. * "
        "stands for any text, ? for one character, ! in front excludes; divide several by a semicolon. Other columns "
        "are written as priority = P1; P2, with | between columns."
    ),
    "owner": "The one role that answers for the stream from demand to value, across all its teams.",
    "demand": "What makes somebody need the stream: a fault, a wish, a new colleague. With it the clock starts.",
    "value_point": (
        "The moment at which the stakeholder has what they needed: access that works, a service that is restored. With "
        "it lead time ends. What follows, such as waiting for a formal closure, is the closing tail and counts apart."
    ),
    "review": (
        "A map that is drawn once and then forgotten does no good. Say how often it is held against the log, and what "
        "happens with what is learnt."
    ),
    "pauses": (
        "Events that take an item out of nobody’s hands: it waits for the requester or a supplier, and stays in the "
        "step it was in. Written like match rules."
    ),
}
"""Topic → what is said of it."""
