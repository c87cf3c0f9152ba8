"""JSON values in Redis as typed documents: read many at once, changed in memory, written at the end.

Every key that is read is watched: punches, HR and the User Core come by different partitions, which two processes of
this sink may be reading, and one person's state follows from all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar, cast

import msgspec

from ingestion.sinks.live_state.commands import Command, Reader

Shape = TypeVar("Shape")


class Kind(Generic[Shape]):
    """A family of documents: the key for a name, their shape, and what stands for one that is not there."""

    def __init__(self, key: Callable[[str], str], shape: type[Shape], empty: Shape) -> None:
        self.key = key
        self.empty = empty
        self.decode = msgspec.json.Decoder(shape).decode


class Documents:
    """The documents of one transaction."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[Kind[object], str], object] = {}
        self._changed: set[tuple[Kind[object], str]] = set()

    def load(self, kind: Kind[Shape], names: Iterable[str]) -> None:
        """Read those of these documents that are not known yet, in one round trip."""
        family = cast("Kind[object]", kind)
        missing = [name for name in dict.fromkeys(names) if (family, name) not in self._known]
        if not missing:
            return
        keys = [kind.key(name) for name in missing]
        self._reader.watch(keys)
        for name, stored in zip(missing, self._reader.mget(keys), strict=True):
            self._known[family, name] = kind.empty if stored is None else kind.decode(stored)

    def get(self, kind: Kind[Shape], name: str) -> Shape:
        """One document as it is now."""
        self.load(kind, [name])
        return cast(Shape, self._known[cast("Kind[object]", kind), name])

    def put(self, kind: Kind[Shape], name: str, document: Shape) -> None:
        """Change a document; the empty one takes it away."""
        if document != self.get(kind, name):
            identity = (cast("Kind[object]", kind), name)
            self._known[identity] = document
            self._changed.add(identity)

    def changed(self, kind: Kind[Shape]) -> list[str]:
        """The names of the documents of a kind that were changed."""
        return [name for other, name in self._changed if other is kind]

    def commands(self) -> Iterator[Command]:
        """The commands that write what was changed."""
        for kind, name in self._changed:
            document = self._known[kind, name]
            if document == kind.empty:
                yield "DEL", kind.key(name)
            else:
                yield "SET", kind.key(name), msgspec.json.encode(document, order="deterministic")
