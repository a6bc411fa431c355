"""Long lists page by page, without reading more than a page."""

from collections.abc import Callable, Sequence

from django.core.paginator import Page, Paginator


class _Slices[T]:
    """What ``Paginator`` asks of a list: its length and its slices."""

    def __init__(self, total: int, read: Callable[[int, int], Sequence[T]]) -> None:
        self._total, self._read = total, read

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, wanted: slice) -> Sequence[T]:
        start, stop, _ = wanted.indices(self._total)
        return self._read(start, stop - start)


def page_of[T](
    number: str | None, total: int, read: Callable[[int, int], Sequence[T]], *, size: int
) -> Page[T]:
    """Page ``number`` of a list of ``total``, of which ``read(start, size)`` reads a piece; the nearest page if none such."""
    pages: Paginator[T] = Paginator(_Slices(total, read), size)  # type: ignore[arg-type]
    return pages.get_page(number)
