"""What can be the case with the embedded server."""

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text


class DatabaseTrouble(StaveworksError):
    """The embedded database server could not be made, started or stopped."""

    text = Text(zh="内置数据库出了问题。", en="There is a problem with the embedded database.")


class OlderData(DatabaseTrouble):
    """The data in the home belong to an older major version of PostgreSQL: they must be brought over."""

    def __init__(self, major: int, text: Text) -> None:
        super().__init__(text)
        self.major = major
