"""What does a facet take of an answer, in its form? JSON, YAML, base64 and tables of keys and values to values."""

from __future__ import annotations

import base64
import gzip
import urllib.parse
import zlib
from collections.abc import Mapping, Sequence

from engine.model.fact import Failed
from engine.model.json import Json, parsed
from engine.model.record import Facet
from engine.plugin.paths import getter


def taken(facet: Facet, body: Json) -> Json:
    """What a facet takes of an answer, in its form: a value, None, or the Failed of what cannot be read."""
    value = getter(facet.take)(body) if facet.take else body
    if isinstance(value, str) and facet.form in ("json-text", "url-json-text"):
        text = urllib.parse.unquote(value) if facet.form == "url-json-text" else value
        try:
            return parsed(text)
        except ValueError:
            return Failed(f"{facet.call} gave text that is not JSON")
    if facet.form == "yaml-text" and isinstance(value, str):
        return _yaml_of(facet, value)
    if facet.form == "base64-text" and isinstance(value, str):
        return _unpacked(value)
    if facet.form == "key-values":
        pairs: Sequence[Mapping[str, Json]] = value if isinstance(value, list) else ()
        return {each["Key"]: _read_as_is(each.get("Value")) for each in pairs}
    return value


def _yaml_of(facet: Facet, text: str) -> Json:
    """What a YAML document says; Failed for what is none."""
    import yaml

    from engine.plugin.yaml_bounds import problem_of

    try:
        wrong = problem_of(yaml.compose(text, Loader=yaml.SafeLoader))
        return Failed(f"{facet.call} gave YAML that {wrong[0]}") if wrong else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Failed(f"{facet.call} gave text that is not YAML")


def _unpacked(text: str) -> Json:
    """Base64 (and gzip) to text; Failed for what is neither."""
    try:
        raw = base64.b64decode(text)
        return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")
    except (ValueError, OSError, EOFError, zlib.error) as error:
        return Failed(f"text that cannot be decoded: {error}")


def _read_as_is(text: Json) -> Json:
    """`true`, `false` and numbers as what they say, other texts as they are."""
    try:
        return parsed(text) if isinstance(text, str) else text
    except ValueError:
        return text
