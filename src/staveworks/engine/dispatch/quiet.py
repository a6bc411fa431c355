"""A solver that says nothing: what a command prints is its answer alone."""

import highspy


class Quiet(highspy.Highs):
    """Prints no header: its constructor prints one unless output is off before the callbacks are enabled."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]
