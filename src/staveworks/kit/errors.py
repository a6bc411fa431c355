"""The five kinds of refusal. Rooms subclass them; doors translate them (422, 403, 404, 409, 503)."""

from staveworks.kit.text import Text


class StaveworksError(Exception):
    """What is the case, in both languages; ``field`` names the input that is to be mended, if one is."""

    text = Text(zh="出错了。", en="Something is wrong.")
    title: Text | None = None
    """Heads a page of its own, where the kind of refusal says too little."""
    particulars: "tuple[tuple[str, Text], ...]" = ()
    """Where it is about several things: the id of each and what is the case with it."""

    def __init__(self, text: Text | None = None, *, field: str | None = None) -> None:
        self.text = text or type(self).text
        self.field = field
        super().__init__(str(self.text))


class Invalid(StaveworksError):
    """The input cannot be understood or breaks a rule that the sender can mend."""

    text = Text(zh="填写有误。", en="The input is not valid.")


class NotAllowed(StaveworksError):
    """The actor lacks the right."""

    text = Text(zh="您没有这项权限。", en="You don't have the right to do this.")


class NotFound(StaveworksError):
    """No such thing, or none that this actor may know of."""

    text = Text(zh="没有找到。", en="Not found.")


class Refused(StaveworksError):
    """Valid and allowed, but the state of things forbids it now."""

    text = Text(zh="现在不能这样做。", en="This can't be done now.")


class Busy(StaveworksError):
    """Try again shortly: a lock or a serialisation conflict outlasted the retries."""

    text = Text(zh="系统忙，请稍后再试，数据没有丢。", en="Busy. Try again shortly; nothing is lost.")
