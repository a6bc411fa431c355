"""Markets in processes of this machine. A process is started once, loads the compiled kernels from the disk and carries out one market after
the other; it gets only that market, by a pipe, and ends with whoever started it."""

import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

from staveworks.engine.dispatch.markets.hand import STOP, Failed
from staveworks.engine.dispatch.markets.lost import MarketLost
from staveworks.engine.dispatch.markets.split import Solved
from staveworks.engine.dispatch.markets.tasks import Heard, Task

COMMAND = (sys.executable, "-P", "-m", "staveworks.engine.dispatch.markets.hand")
END_S = 5.0


class Processes:
    """As many as ``slots``, each with a market at a time and its part of the ``threads``. All start at once: each takes a while."""

    def __init__(self, markets: int, threads: int):
        self.slots = min(markets, threads)
        self.threads = threads // self.slots
        self._said: SimpleQueue[tuple[subprocess.Popen[bytes], object]] = SimpleQueue()
        self._at: dict[subprocess.Popen[bytes], tuple[int, int]] = {}
        self._all: list[subprocess.Popen[bytes]] = []
        for _ in range(self.slots):
            self._all.append(self._start())
        self._idle = list(self._all)

    def begin(self, number: int, task: Task) -> None:
        hand = self._idle.pop()
        self._at[hand] = number, len(task.part.problem.lines)
        try:
            self._tell(hand, task)
        except OSError:
            self._gone(hand)

    def next(self, seconds: float) -> tuple[int, Heard | Solved] | None:
        """What a market says; None if nothing came for so long. Raises ``MarketLost`` if a process ended, ``MemoryError`` if it
        had too little."""
        try:
            hand, said = self._said.get(timeout=seconds)
        except Empty:
            return None
        if hand not in self._at:
            return None
        if said is None:
            self._gone(hand)
        if isinstance(said, MemoryError):
            raise said
        if isinstance(said, Failed):
            lost = MarketLost(self._at[hand][1], str(said).strip().splitlines()[-1])
            lost.add_note(str(said))
            raise lost
        assert isinstance(said, Heard | Solved)
        number = self._at[hand][0]
        if isinstance(said, Solved):
            del self._at[hand]
            self._idle.append(hand)
        return number, said

    def stop(self) -> None:
        for hand in list(self._at):
            try:
                self._tell(hand, STOP)
            except OSError:
                self._gone(hand)

    def close(self) -> None:
        for hand in self._all:
            hand.kill()
        for hand in self._all:
            hand.wait(END_S)
            for pipe in (hand.stdin, hand.stdout):
                with suppress(OSError):  # what the pipe still holds, nobody reads any more
                    pipe.close()  # type: ignore[union-attr]

    def _start(self) -> "subprocess.Popen[bytes]":
        """Out of the terminal's reach: Ctrl-C is for the process that people started."""
        path = os.pathsep.join(each for each in sys.path if each)
        hand = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        Thread(target=self._listen, args=(hand,), daemon=True).start()
        return hand

    def _tell(self, hand: "subprocess.Popen[bytes]", word: object) -> None:
        assert hand.stdin is not None
        pickle.dump(word, hand.stdin, pickle.HIGHEST_PROTOCOL)
        hand.stdin.flush()

    def _listen(self, hand: "subprocess.Popen[bytes]") -> None:
        assert hand.stdout is not None
        while True:
            try:
                said = pickle.load(hand.stdout)  # noqa: S301 (from a process that this one started)
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                self._said.put((hand, None))
                return
            self._said.put((hand, said))

    def _gone(self, hand: "subprocess.Popen[bytes]") -> None:
        code = hand.wait(END_S)
        raise MarketLost(self._at[hand][1], _ended(code))


def _ended(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
