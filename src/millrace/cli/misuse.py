"""What was wrong with a command as it was typed, in a sentence."""

from datetime import date, datetime
from typing import get_args

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

from millrace.model.yaml_problem import did_you_mean

_WANTED = {
    int: "a whole number",
    float: "a number",
    date: "a day such as 2025-01-31",
    datetime: "a day such as 2025-01-31",
}


def misuse(error: CycloptsError) -> str:
    """The sentence for a command that was typed wrongly, and where its help is."""
    command = " ".join(("millrace", *(error.command_chain or ())))
    return f"{_closed(_what(error))} See “{command} --help”."


def _what(error: CycloptsError) -> str:
    match error:
        case MissingArgumentError(keyword=str(option)):
            return f"{option} needs a value"
        case MissingArgumentError(argument=argument) if argument is not None:
            return f"{argument.name} is missing"
        case UnknownOptionError(token=token, argument_collection=known):
            option = str(token.keyword or token.value)
            return f"There is no option {option}{did_you_mean(option, (name for each in known for name in each.names))}"
        case UnknownCommandError(unused_tokens=[called, *_], app=app) if app is not None:
            return f"There is no command “{called}”{did_you_mean(called, app)}"
        case UnusedCliTokensError(unused_tokens=[*tokens]):
            return f"“{' '.join(tokens)}” is more than this command takes"
        case CoercionError(argument=argument, token=token, target_type=wanted) if argument and token:
            return f"{argument.name} must be {_wanted(wanted)}, not “{token.value}”"
        case ValidationError(argument=argument, exception_message=told) if argument is not None:
            return f"{argument.name}: {told[0].lower()}{told[1:]}"
    return str(error)


def _wanted(wanted: object) -> str:
    """What an option takes, from the type of its value."""
    choices = [str(choice) for choice in get_args(wanted)]
    if choices:
        return f"{', '.join(choices[:-1])} or {choices[-1]}"
    return next((told for kind, told in _WANTED.items() if wanted is kind), "another value")


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."
