"""The provider's types: which words there are, from a scan of files, and each record when it is first used.

Two layers. `services/<folder>/<word>.toml` is what people write: a `-` in the word is `_` in the file name, a Python
keyword gets a trailing `_` (`lambda_.toml`). `derived/<service>.json` is what the deriver made, its words are
`<service>.<noun>`. A curated file with `derived = "<service>.<noun>"` is laid over that record (`layers.py`) and
answers to both words; without that key it stands alone. A file that holds nothing but `alias = "other-word"` is a
second name, and `services/retired/<word>.toml` the tombstone of a type whose service AWS has ended.

A dotted word that is in neither layer is derived on the spot, if the installed SDK has the service, and is marked
`unreviewed`.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.json import Json
from engine.model.record import ResourceType
from engine.plugin.catalog import word_of
from engine.plugin.protocols import Connection, Credentials, Misfit, Retired, TypeLine
from engine.plugin.suggest import did_you_mean
from providers.aws.layers import DERIVED, Derived, laid_over
from providers.aws.record_reader import RecordRejected, read_record

SERVICES = Path(__file__).parent / "services"
RETIRED = "retired"
PREFIX = "aws."


_WORD = re.compile(r"[\w.-]{1,120}", re.ASCII)
_VARIANT = re.compile(r"^variant\s*=\s*true", re.MULTILINE)
_CLAIM = re.compile(r"""^derived\s*=\s*["']([\w.-]+)["']""", re.MULTILINE)


@dataclass(slots=True)
class Records:
    """The records under `root` and `derived`, by word. Implements `engine.plugin.protocols.Provider`."""

    root: Path = SERVICES
    derived: Path = DERIVED
    _files: dict[str, Path] | None = field(default=None, repr=False)
    _below: Derived = field(init=False, repr=False)
    _claims: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    _types: dict[str, ResourceType] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """The layer below."""
        self._below = Derived(self.derived)

    def words(self) -> Sequence[str]:
        """Every type's word, aliases and derived types included, sorted. Parses no file."""
        return sorted({*self._found(), *self._below.words()})

    def curated(self) -> Sequence[str]:
        """The words that people wrote a file for, aliases included, sorted."""
        return sorted(self._found())

    def type(self, word: str) -> ResourceType:
        """The record of a word or alias, with or without `aws.`.

        Raises:   KeyError for a word that neither layer nor the SDK has; RecordRejected for a file that is no record.
        """
        word = word.removeprefix(PREFIX)
        known = self._types.get(word)
        if known is None:
            known = self._types[word] = self._read(word)
        return known

    def overview(self) -> Sequence[TypeLine]:
        """Every type once, as a line, sorted by word."""
        from providers.aws.overview import overview

        return overview(self._found(), self.derived)

    def attributes(self, type: ResourceType) -> Mapping[str, str]:
        """What its resources can have, by path, with its JSON type; `*` among them where there are more."""
        from providers.aws.known_attributes import attributes_of

        return attributes_of(type)

    def misfits(
        self, service: str, operation: str, params: Mapping[str, Json], later: Set[str] = frozenset()
    ) -> Sequence[Misfit]:
        """What the API would refuse of a call, told by the SDK's models."""
        from providers.aws.adapter.inputs import misfits

        return misfits(service, operation, params, later)

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
            files = {word_of(file.stem): file for file in self.root.glob("*/*.toml")}
            self._files = {word: file for word, file in files.items() if file.parent.name != RETIRED}
        return self._files

    def _mourn(self, word: str) -> None:
        """Raise Retired for a word that has a tombstone."""
        stone = self.root / RETIRED / f"{word.replace('-', '_')}.toml"
        if stone.is_file():
            raise Retired(word, str(_parse(stone)["retired"]))

    def _read(self, word: str) -> ResourceType:
        file = self._found().get(word)
        if file is None:
            if _WORD.fullmatch(word):  # what cannot be a word is looked for in no file
                self._mourn(word)
                return self._dotted(word)
            raise self._unknown(word)
        data = _parse(file)
        alias = data.get("alias")
        if alias is None:
            return self._curated(word, data, word_of(file.parent.name))
        if len(data) > 1 or not isinstance(alias, str) or alias not in self._found():
            raise RecordRejected(word, ["an alias file holds only 'alias', the word of another type"])
        return self.type(alias)

    def _curated(self, word: str, data: dict[str, Json], service: str) -> ResourceType:
        """A file's record: alone, or over the derived one that it names."""
        if "derived" not in data:
            return read_record(word, data, service)
        below = self._below.record(str(data["derived"]))
        if str(data["derived"]).partition(".")[0] != service:
            raise RecordRejected(word, [f"'{data['derived']}' is not of the service '{service}', whose folder this is"])
        if below is None:
            raise RecordRejected(word, [f"there is no derived type '{data['derived']}' to be laid over"])
        merged, problems = laid_over(below, data)
        if problems:
            raise RecordRejected(word, problems)
        return read_record(word, merged, service)

    def _dotted(self, word: str) -> ResourceType:
        """A type by the deriver's word: the curated record over it, the derived one, or one made now."""
        claimed = self._claimed(word)
        if claimed:
            return self.type(claimed)
        record = self._below.record(word)
        if record is not None:
            return dataclasses.replace(read_record(word, record), origin="derived")
        service, dot, _ = word.partition(".")
        made = _derive(service).get(word) if dot else None
        if made is None:
            raise self._unknown(word)
        return dataclasses.replace(read_record(word, made), origin="unreviewed")

    def _unknown(self, word: str) -> KeyError:
        near = did_you_mean(word, self.words())
        return KeyError(f"no resource type '{word}', {near}".rstrip(", "))

    def _claimed(self, word: str) -> str:
        """The word of the curated file that is laid over a derived type; empty if none is. Asks the service's files."""
        service = word.partition(".")[0]
        if service not in self._claims:
            files = {name: file for name, file in self._found().items() if word_of(file.parent.name) == service}
            texts = {name: _claim_in(file.read_text(encoding="utf-8")) for name, file in files.items()}
            self._claims[service] = {claim[1]: name for name, claim in texts.items() if claim}
        return self._claims[service].get(word, "")


def _claim_in(text: str) -> re.Match[str] | None:
    """Where a file says over which derived record it is laid, unless it is another view of that."""
    return None if _VARIANT.search(text) else _CLAIM.search(text)


def _derive(service: str) -> Mapping[str, dict[str, Json]]:
    """A service's records from the installed SDK; imports it."""
    from providers.aws.adapter.sdk_model import SdkModel
    from providers.aws.derive.service import derive

    sdk = SdkModel()
    return derive(service, sdk) if sdk.service(service) is not None else {}


def _parse(file: Path) -> dict[str, Json]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RecordRejected(word_of(file.stem), [f"not TOML: {error}"]) from error
