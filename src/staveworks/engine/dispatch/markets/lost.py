"""Why there is no plan although nothing is wrong with the problem: who was to solve a market was lost on the way, or couldn't be called."""

from staveworks.kit.text import Text


class NotSolved(Exception):
    """``text`` says why, in both languages."""

    def __init__(self, text: Text):
        super().__init__(text)
        self.text = text


class MarketLost(NotSolved):
    """``how`` it ended: a signal, an exit code, or what its process said last."""

    def __init__(self, lines: int, how: str):
        self.lines, self.how = lines, how
        super().__init__(
            Text(
                zh=f"求解其中一个市场（{lines:,} 行）的进程中断了（{how}），因此没有方案。若是内存不足，可减少线程数。",
                en=f"A process that was solving a market of {lines:,} lines ended ({how}), so there is no plan. "
                "If memory ran out, fewer threads need less.",
            )
        )


class NoCluster(NotSolved):
    """``RAY_ADDRESS`` is set and Ray isn't there."""

    def __init__(self, how: str):
        super().__init__(
            Text(
                zh=f"设置了 RAY_ADDRESS，但用不了 Ray（{how}）。请安装 staveworks[ray] 并检查地址，或去掉 RAY_ADDRESS。",
                en=f"RAY_ADDRESS is set, but Ray can't be used ({how}). Install staveworks[ray] and look at the address, or take "
                "RAY_ADDRESS away.",
            )
        )
