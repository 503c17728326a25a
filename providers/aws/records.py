"""The provider's types: which words there are, from one scan of file names, and each record when it is first used.

`services/<folder>/<word>.toml`; a `-` in the word is `_` in the file name, a Python keyword gets a trailing `_`
(`lambda_.toml`). A file that holds nothing but `alias = "other-word"` is a second name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.catalog import word_of
from engine.plugin.protocols import Connection, Credentials
from engine.plugin.suggest import did_you_mean
from providers.aws.record_reader import RecordRejected, read_record

SERVICES = Path(__file__).parent / "services"
PREFIX = "aws."


@dataclass(slots=True)
class Records:
    """The records under `root`, by word. Implements `engine.plugin.protocols.Provider`."""

    root: Path = SERVICES
    _files: dict[str, Path] | None = field(default=None, repr=False)
    _types: dict[str, ResourceType] = field(default_factory=dict, repr=False)

    def words(self) -> Sequence[str]:
        """Every type's word, aliases included, sorted. Opens no file."""
        return sorted(self._found())

    def type(self, word: str) -> ResourceType:
        """The record of a word or alias, with or without `aws.`.

        Raises:   KeyError for a word that no file has; RecordRejected for a file that is no record.
        """
        word = word.removeprefix(PREFIX)
        known = self._types.get(word)
        if known is None:
            known = self._types[word] = self._read(word)
        return known

    def sourced(self, type: ResourceType, source: str, query: Sequence[Mapping[str, Json]] = ()) -> ResourceType | None:
        """The type as another source lists it, or None. Raises ValueError for a query it cannot take."""
        from providers.aws.sources import sourced

        return sourced(type, source, query)

    def iam_actions(self, service: str, operation: str) -> Sequence[str]:
        """The IAM actions that an operation needs."""
        from providers.aws.iam import iam_actions

        return iam_actions(service, operation)

    def connect(self, credentials: Credentials) -> Connection:
        """A connection with these credentials; imports the SDK, makes no call."""
        from providers.aws.adapter.connection import AwsConnection

        return AwsConnection(credentials)

    def _found(self) -> Mapping[str, Path]:
        if self._files is None:
            self._files = {word_of(file.stem): file for file in self.root.glob("*/*.toml")}
        return self._files

    def _read(self, word: str) -> ResourceType:
        file = self._found().get(word)
        if file is None:
            raise KeyError(f"no resource type '{word}', {did_you_mean(word, self._found())}".rstrip(", "))
        data = _parse(file)
        alias = data.get("alias")
        if alias is None:
            return read_record(word, data, word_of(file.parent.name))
        if len(data) > 1 or not isinstance(alias, str) or alias not in self._found():
            raise RecordRejected(word, ["an alias file holds only 'alias', the word of another type"])
        return self.type(alias)


def _parse(file: Path) -> dict[str, Json]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecordRejected(word_of(file.stem), [f"not TOML: {error}"]) from error
