"""A wrong mapping file gives one clear error that names file, key and what it may be."""

from pathlib import Path

import pytest

from ingestion.sources.device_files.layout import MappingError, load_mapping


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("columns: {instant: at}", ["columns", "employee", "user"]),
        ("columns: {employee: a, user: b, instant: at}", ["one of `employee`"]),
        ("columns: {employee: a, instant: at, kind: k}", ["`kinds` must say"]),
        ("columns: {employee: a, instant: at, kind: k}\nkinds: {in: lunch}", ["kinds.in", "clock_in"]),
        ("columns: {employee: a, instant: at, kind: k}\nkinds: {IN: clock_in, in: clock_out}", ["mapped twice"]),
        ("columns: {employee: a, instant: at}\ntime_zone: Mars/Olympus", ["time_zone", "Asia/Manila"]),
        ("columns: {employee: a, instant: at}\ntime_zone: Europe", ["time_zone", "Asia/Manila"]),
        ("columns: {employee: a, instant: at}\nencoding: utf-9", ["encoding", "latin-1"]),
        ("columns: {employee: a, instant: at}\nencoding: rot13", ["encoding", "no encoding of text", "latin-1"]),
        ("columns: {employee: a, instant: at}\nencoding: zlib", ["encoding", "no encoding of text"]),
        ("columns: {employee: a, instant: at}\ndelimiter: ', '", ["delimiter"]),
        ("columns: {employee: a, instant: at}\ncolor: red", ["color"]),
        ("columns: [", ["not readable as YAML"]),
    ],
)
def test_wrong_mappings(tmp_path: Path, content: str, names: list[str]) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(content)
    with pytest.raises(MappingError) as error:
        load_mapping(path)
    assert all(name in str(error.value) for name in [str(path), *names])


def test_a_missing_mapping_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no mapping file"):
        load_mapping(tmp_path / "none.yaml")


def test_words_may_be_numbers(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("columns: {user: a, instant: at, kind: k}\nkinds: {0: clock_in, 1: clock_out, on: break_end}")
    assert load_mapping(path).kinds == {"0": "clock_in", "1": "clock_out", "on": "break_end"}
