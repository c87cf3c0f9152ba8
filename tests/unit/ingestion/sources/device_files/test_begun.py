"""Notes of imports that have begun: which of them were cut short."""

from pathlib import Path

import pytest

from ingestion.sources.device_files.begun import BegunImport, begun, cut_short
from ingestion.sources.device_files.layout import Columns, CsvMapping

MAPPING = CsvMapping(columns=Columns(user="who", instant="at"))
IMPORT = BegunImport(
    file_name="dump.csv", site_id="S1", device_id="T1", time_zone="UTC", mapping=MAPPING, imported_by="watched folder"
)


def found(home: Path) -> dict[str, BegunImport]:
    return {path.stem: BegunImport.model_validate_json(content) for path, content in cut_short(home)}


def test_an_import_that_breaks_off_leaves_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), begun(tmp_path, "aa", IMPORT):
        raise RuntimeError
    assert found(tmp_path) == {"aa": IMPORT}


def test_one_that_is_under_way_is_left_to_whoever_is_at_it(tmp_path: Path) -> None:
    with begun(tmp_path, "aa", IMPORT):
        assert found(tmp_path) == {}


def test_one_that_came_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    with begun(tmp_path, "aa", IMPORT):
        pass
    assert list((tmp_path / "imports").iterdir()) == []


def test_what_is_cut_short_is_given_to_one_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), begun(tmp_path, "aa", IMPORT):
        raise RuntimeError
    for _path, _content in cut_short(tmp_path):
        assert found(tmp_path) == {}


def test_an_import_again_ends_what_was_cut_short(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), begun(tmp_path, "aa", IMPORT):
        raise RuntimeError
    for _path, _content in cut_short(tmp_path):
        with begun(tmp_path, "aa", IMPORT):
            pass
    assert found(tmp_path) == {}
