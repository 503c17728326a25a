"""Files for their owner alone, whole or not at all, never through a planted link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from engine.private_files import private_folder, private_opener, private_text, read_bounded, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o277])
def umask(request: pytest.FixtureRequest) -> object:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_modes_whatever_the_umask(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    write_private(folder / "f.json", "{}")
    assert (mode(folder), mode(folder.parent), mode(folder / "f.json")) == (0o700, 0o700, 0o600)


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert mode(private_folder(tmp_path)) == 0o755


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(NotADirectoryError):
        private_folder(tmp_path / "f")


def test_a_planted_link_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept")
    (tmp_path / "out.json").symlink_to(target)
    write_private(tmp_path / "out.json", "new")
    assert target.read_text() == "kept"
    assert not (tmp_path / "out.json").is_symlink()
    assert (tmp_path / "out.json").read_text() == "new"


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")

    def broken_off() -> None:
        with private_text(path) as text:
            text.write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]
    assert path.read_text() == "old"


def test_an_existing_file_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (mode(path), path.read_text()) == (0o600, "new")


@pytest.mark.usefixtures("umask")
def test_a_log_is_private_and_never_behind_a_link(tmp_path: Path) -> None:
    with open(tmp_path / "log", "w", opener=private_opener) as log:
        log.write("a")
    assert mode(tmp_path / "log") == 0o600
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic links"):
        private_opener(str(tmp_path / "link"), os.O_WRONLY)
    assert (tmp_path / "precious").read_text() == "kept"


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    """`-o /dev/null` as root would leave a file in its place."""
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path):
        with pytest.raises(OSError, match="Not a regular file"):
            write_private(path, "x")
    assert stat.S_ISFIFO((tmp_path / "fifo").stat().st_mode)


def test_reading_within_bounds(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a" * 10)
    assert read_bounded(tmp_path / "f", 10) == b"a" * 10
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "big").write_bytes(b"a" * 2_000_001)
    for path, why in (
        (tmp_path / "big", "Larger than 2 MB"), (tmp_path / "fifo", "Not a regular file"), (Path("/dev/zero"), "Not a regular file"),
        (tmp_path, "Is a directory"), (tmp_path / "none", "No such file"),
    ):  # fmt: skip
        with pytest.raises(OSError, match=why):
            read_bounded(path, 2_000_000)
