"""``python -m staveworks.engine.dispatch.markets.hand``: a process that carries out markets for another one, told by its input.

In come tasks and the word ``STOP``, out go what is heard of each and its answer, or why there is none. It ends when its input does: whoever
starts it may be killed at any moment and leaves nothing running.
"""

import os
import pickle
import sys
import traceback
from queue import SimpleQueue
from threading import Event, Thread
from typing import BinaryIO

from staveworks.engine.dispatch.markets.tasks import Task, carry_out

STOP = "stop"


class Failed(Exception):
    """A market couldn't be solved: what its process said of it."""


def main() -> None:
    """Answers have the output for themselves: what libraries print goes to the error stream."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    tasks: SimpleQueue[Task] = SimpleQueue()
    stop = Event()
    Thread(target=_listen, args=(sys.stdin.buffer, tasks, stop), daemon=True).start()

    def say(what: object) -> None:
        pickle.dump(what, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    while True:
        task = tasks.get()
        try:
            say(carry_out(task, say, stop.is_set))
        except MemoryError as error:
            say(MemoryError(*error.args))
        except Exception:
            say(Failed(traceback.format_exc()))


def _listen(asked: BinaryIO, tasks: "SimpleQueue[Task]", stop: Event) -> None:
    """Who is asked to stop stays so: tasks that come after that are cut short too."""
    while True:
        try:
            word = pickle.load(asked)  # noqa: S301 (from whoever started this process)
        except (EOFError, OSError):
            os._exit(0)
        if word == STOP:
            stop.set()
        else:
            tasks.put(word)


if __name__ == "__main__":
    main()
