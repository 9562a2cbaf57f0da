"""Demand and value in words: between which two events a duration runs."""

from millrace.model.value_stream import Match, ValueStream


def demand_in_words(stream: ValueStream) -> str:
    """Where an item's life in the stream starts."""
    rule = stream.demand.rule
    if rule.when:
        return f"first event with {_matches(rule.when)}"
    return f"first {rule.state} event" if rule.state else "first event"


def value_in_words(stream: ValueStream) -> str:
    """Where the stakeholder has the value."""
    rule = stream.value.rule
    if rule.when:
        return f"last event with {_matches(rule.when)}"
    if rule.event:
        return "last event" + (" (assumed: the log does not say when value is delivered)" if rule.assumed else "")
    return f"start of the final run of {rule.state or 'done'} events"


def _matches(rules: tuple[Match, ...]) -> str:
    return " or ".join(_match(rule) for rule in rules)


def _match(match: Match) -> str:
    named = {"activity": match.activity, "status": match.status, "team": match.team, "type": match.item_type}
    conditions = {name: patterns for name, patterns in {**named, **match.attributes}.items() if patterns}
    return " and ".join(f"{name} “{'” or “'.join(patterns)}”" for name, patterns in conditions.items())
