"""The entry of the command line, and the one place where errors become exit codes."""

import atexit
import gc
import os
import sys
import threading
from importlib.metadata import version
from io import TextIOWrapper
from typing import NoReturn

from cyclopts import App, CycloptsError, Parameter

from millrace.errors import MillraceError

FOUND, FAILED, FAULT, INTERRUPTED = 1, 2, 70, 130
"""Exit codes: a check found something; something the user can mend; a fault of Millrace; stopped by the user."""

_MADE_BEFORE_LOOKING = 50_000
"""Loading makes many objects and hardly any garbage: looking for some after each 700 would take a tenth of the time."""

app = App(
    name="millrace",
    help="From a ticket export to a measured value stream: where work waits, why, and what it costs.",
    version=version("millrace"),
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(negative=(), show_default=lambda given: given or None),
)


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            _write_every_sign(stream)
    gc.set_threshold(_MADE_BEFORE_LOOKING)
    end(run(sys.argv[1:]))


def _write_every_sign(stream: TextIOWrapper) -> None:
    """Files and pipes get UTF-8 whatever the system's code page; a terminal that lacks a sign shows another."""
    if stream.isatty():
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8")


def end(code: int) -> NoReturn:
    """End the process with this exit code, at once.

    Everything is written by then. Taking apart all that was loaded, which the interpreter does else, takes half a
    second.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def load_commands() -> None:
    """Add every command to `app`: importing a module of commands does that."""
    from millrace.cli import (  # noqa: F401
        backup_commands,
        change_commands,
        choice_commands,
        commands,
        demo_commands,
        design_commands,
        due_commands,
        explanation_commands,
        findings_commands,
        forecast_commands,
        journey_commands,
        proof_commands,
        review_commands,
        serve_commands,
        simulate_commands,
        target_commands,
        waits_commands,
    )


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. What a user can mend is said in a sentence, never in a traceback."""
    load_commands()
    try:
        code = app(arguments, result_action="return_value", exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        from millrace.cli.misuse import misuse

        return _say(misuse(error), FAILED)
    except MillraceError as error:
        return _say(error.sentence, FAILED)
    except KeyboardInterrupt:
        return _say("Stopped. Nothing half-done was kept.", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    except Exception as error:
        if "interrupted" in str(error).lower():  # what the engine makes of Ctrl-C during a query
            return _say("Stopped. Nothing half-done was kept.", INTERRUPTED)
        if os.environ.get("MILLRACE_DEBUG"):
            raise
        return _say(_fault(error), FAULT)
    return code or 0


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _fault(error: Exception) -> str:
    if "No space left on device" in str(error):
        return "The disk is full. Nothing was kept. Free some space, or choose another place with --workspace."
    first = str(error).strip().partition("\n")[0]
    return (
        f"Millrace failed by a fault of its own ({type(error).__name__}: {first}). Nothing half-done was kept. "
        "Set MILLRACE_DEBUG=1 to see where, and please report it."
    )
