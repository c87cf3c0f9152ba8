"""Notes of imports that have begun: which of them were cut short."""

import fcntl
from pathlib import Path

import pytest

from ingestion.sources.device_files.begun import BegunImport, begun, cut_short, note_path, notes
from ingestion.sources.device_files.layout import Columns, CsvMapping
from timecontrol.contracts.errors import Transient

MAPPING = CsvMapping(columns=Columns(user="who", instant="at"))
IMPORT = BegunImport(
    file_name="dump.csv", site_id="S1", device_id="T1", time_zone="UTC", mapping=MAPPING, imported_by="watched folder"
)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return note_path(tmp_path, "aa")


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    path = tmp_path / "aa"
    path.touch()
    return path


def broken_off(note: Path) -> None:
    with pytest.raises(RuntimeError), begun(note, IMPORT):
        raise RuntimeError


def found(note: Path, archived: Path) -> BegunImport | None:
    content = cut_short(note, archived)
    return None if content is None else BegunImport.model_validate_json(content)


def test_an_import_that_breaks_off_leaves_what_it_needs(tmp_path: Path, note: Path, archived: Path) -> None:
    broken_off(note)
    assert notes(tmp_path) == [note]
    assert found(note, archived) == IMPORT


def test_one_that_is_under_way_is_left_to_whoever_is_at_it(note: Path, archived: Path) -> None:
    with begun(note, IMPORT):
        assert found(note, archived) is None
        assert note.exists()


def test_one_that_came_to_its_end_leaves_nothing(note: Path) -> None:
    with begun(note, IMPORT):
        pass
    assert list(note.parent.iterdir()) == []


def test_one_that_a_person_stopped_leaves_nothing(note: Path) -> None:
    with pytest.raises(KeyboardInterrupt), begun(note, IMPORT):
        raise KeyboardInterrupt
    assert list(note.parent.iterdir()) == []


def test_before_the_bytes_are_archived_there_is_nothing_to_end(note: Path, archived: Path) -> None:
    broken_off(note)
    archived.unlink()
    assert found(note, archived) is None
    assert not note.exists()


def test_another_import_says_anew_what_it_needs(note: Path, archived: Path) -> None:
    broken_off(note)
    other = IMPORT.model_copy(update={"site_id": "S2", "mapping": None})
    with pytest.raises(RuntimeError), begun(note, other):
        raise RuntimeError
    assert found(note, archived) == other


def test_an_import_of_the_same_bytes_is_not_begun_beside_the_other(note: Path) -> None:
    with begun(note, IMPORT):
        with pytest.raises(Transient, match="being imported by another process"), begun(note, IMPORT):
            pass
        assert note.exists()
    assert not note.exists()


def test_a_note_that_is_not_whole_yet_is_held(note: Path, archived: Path) -> None:
    """Between its making and its content there is nobody who could take it for cut short."""
    note.parent.mkdir()
    with note.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert found(note, archived) is None
        assert note.exists()
