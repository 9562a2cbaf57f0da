"""Side by side: a flow asked several questions at the same time, each answered with an engine of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from millrace.flow.flow import Flow

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Ask(Protocol):
    """Puts a question about the flow; the answer comes later."""

    def __call__(
        self, question: Callable[Concatenate[Flow, Asked], Answer], *given: Asked.args, **named: Asked.kwargs
    ) -> Future[Answer]:
        """The answer to `question(flow, …)`, once it is there."""
        ...


@contextmanager
def side_by_side(flow: Flow) -> Iterator[Ask]:
    """Ask `flow` several questions at once, until the end of the context."""
    idle: SimpleQueue[Flow] = SimpleQueue()
    for copy in flow.copies:
        idle.put(copy)

    def ask(
        question: Callable[Concatenate[Flow, Asked], Answer], *given: Asked.args, **named: Asked.kwargs
    ) -> Future[Answer]:
        def answer() -> Answer:
            asked = idle.get()
            try:
                return question(asked, *given, **named)
            finally:
                idle.put(asked)

        return pool.submit(answer)

    with ThreadPoolExecutor(len(flow.copies)) as pool:
        yield ask
