"""Shelves: words by file name, pieces when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.plugin.catalog import Shelf, class_name, word_of


@pytest.mark.parametrize(
    ("stem", "word", "name"),
    [
        ("stop", "stop", "Stop"),
        ("marked_for_op", "marked-for-op", "MarkedForOp"),
        ("and_", "and", "And"),
        ("s3_x", "s3-x", "S3X"),
    ],
)
def test_names(stem: str, word: str, name: str) -> None:
    assert (word_of(stem), class_name(stem)) == (word, name)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """Two packages: ours, and one that wants to replace a word of it."""
    for package, files in {
        "ours_of_test": {
            "stop.py": "class Stop: ours = True",
            "remove_tag.py": "class RemoveTag: pass",
            "_hidden.py": "",
        },
        "theirs_of_test": {
            "stop.py": "class Stop: ours = False",
            "start.py": "class Start: pass",
            "broken.py": "1 / 0",
            "notes.txt": "",
        },
    }.items():
        (tmp_path / package).mkdir()
        for name, text in {"__init__.py": "", **files}.items():
            (tmp_path / package / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Shelf("actions", ("ours_of_test", "theirs_of_test", "nowhere_to_be_found"))
    for name in [each for each in sys.modules if each.startswith(("ours_of_test", "theirs_of_test"))]:
        del sys.modules[name]


def test_words_are_file_names(shelf: Shelf) -> None:
    assert shelf.words() == ["broken", "remove-tag", "start", "stop"]


def test_listing_imports_no_piece(shelf: Shelf) -> None:
    shelf.words()
    assert [name for name in sys.modules if name.startswith(("ours_of_test.", "theirs_of_test."))] == []


def test_the_first_package_wins(shelf: Shelf) -> None:
    found = shelf.get("stop")
    assert found is not None
    assert found.ours


@pytest.mark.parametrize(("word", "expected"), [("unmark", "RemoveTag"), ("untag", "RemoveTag"), ("start", "Start")])
def test_second_names(word: str, expected: str, shelf: Shelf) -> None:
    found = shelf.get(word)
    assert found is not None
    assert found.__name__ == expected


@pytest.mark.parametrize("word", ["nope", "hidden", "notes", "", "Stop"])
def test_no_such_word(word: str, shelf: Shelf) -> None:
    assert shelf.get(word) is None


def test_a_broken_piece_breaks_only_who_uses_it(shelf: Shelf) -> None:
    with pytest.raises(ZeroDivisionError):
        shelf.get("broken")
    assert shelf.get("stop") is not None
