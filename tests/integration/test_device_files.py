"""Device files on real servers: every line is a punch, a repeat or quarantined; twice the same adds nothing."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import uuid_utils
from typer.testing import CliRunner

from ingestion.reconcile import file_checks
from ingestion.sources.device_files.decode import FileSource, lines_account
from ingestion.sources.device_files.layout import CsvMapping, load_mapping
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.cli import app
from timecontrol.settings import Settings
from timecontrol.simulator.keycard import SITE
from timecontrol.warehouse.pools import connect
from timecontrol.warehouse.reconcile_store import imported_files

ROOT = Path(__file__).parents[2]
KEYCARD = ROOT / "examples/keycard"
SHARED_ATTLOG = ROOT.parent / "shared/data/attlog/1_attlog.dat"
NEEDED = ("postgres", "kafka", "sink_postgres")


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture
def device() -> str:
    """A device that no other test has used."""
    return f"T-{uuid_utils.uuid7()}"


def run(*arguments: str | Path) -> str:
    """The output of `timecontrol import …`, which must succeed."""
    result = CliRunner().invoke(app, ["import", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def refusal(*arguments: str | Path) -> str:
    """The message of `timecontrol import …`, which must fail."""
    result = CliRunner().invoke(app, ["import", *map(str, arguments)])
    assert result.exit_code != 0
    return f"{result.output} {result.exception}"


def dump(device: str, days: int, *extra: str) -> bytes:
    """An attlog of one user, who no other device has: in and out on so many days, then further lines."""
    first = datetime(2024, 3, 1, 8)  # noqa: DTZ001  local time of the device
    lines = [
        f"{device[-6:]:>9}\t{first + timedelta(days=day, hours=9 * state):%Y-%m-%d %H:%M:%S}\t1\t{state}\t1\t0"
        for day in range(days)
        for state in (0, 1)
    ]
    return ("\n".join([*lines, *extra]) + "\n").encode()


def captured(settings: Settings, device: str) -> list[tuple[UUID, str, datetime, str]]:
    with connect(settings, "operator") as connection:
        return connection.execute(
            "select event_id, kind, occurred_at, origin from raw.punches where device_id = %s order by occurred_at",
            (device,),
        ).fetchall()


def quarantined(settings: Settings, sha256: str) -> list[tuple[int, bytes, str]]:
    with connect(settings, "operator") as connection:
        return connection.execute(
            "select file_line, payload, code from raw.quarantine where file_sha256 = %s and source = 'device_file' order by 1",
            (sha256,),
        ).fetchall()


def test_import_again_and_a_longer_dump_add_only_what_is_new(settings: Settings, device: str, tmp_path: Path) -> None:
    path = tmp_path / f"{device}_attlog.dat"
    path.write_bytes(dump(device, 2, "just text"))
    output = run(path, "--site", "berlin-x", "--zone", "Europe/Berlin")
    assert "quarantined" in output
    eventually(lambda: len(captured(settings, device)) == 4)
    rows = captured(settings, device)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(kind, instant, origin) for _, kind, instant, origin in rows[:2]] == [
        ("clock_in", datetime(2024, 3, 1, 7, tzinfo=UTC), f"file:{sha256}#1"),
        ("clock_out", datetime(2024, 3, 1, 16, tzinfo=UTC), f"file:{sha256}#2"),
    ]
    assert quarantined(settings, sha256) == [(5, b"just text", "not_an_attlog_line")]
    assert (settings.home / "files" / sha256).read_bytes() == path.read_bytes()

    run(path, "--site", "berlin-x", "--zone", "Europe/Berlin")
    path.write_bytes(dump(device, 3, "just text"))
    run(path, "--site", "berlin-x", "--zone", "Europe/Berlin")
    eventually(lambda: len(captured(settings, device)) == 6)
    assert captured(settings, device)[:4] == rows


@pytest.mark.usefixtures("settings")
def test_the_same_bytes_from_another_device_are_refused(device: str, tmp_path: Path) -> None:
    path = tmp_path / f"{device}_attlog.dat"
    path.write_bytes(dump(device, 1, f"comment of {device}"))
    run(path, "--site", "berlin-x", "--zone", "Europe/Berlin")
    message = refusal(path, "--site", "berlin-x", "--zone", "Europe/Berlin", "--device", f"{device}-2")
    assert "would count twice" in message
    assert device in message


def test_a_mapping_that_lacked_a_word_is_put_right_by_importing_again(
    settings: Settings, device: str, tmp_path: Path
) -> None:
    path, mapping = tmp_path / "gate.csv", tmp_path / "mapping.yaml"
    path.write_text(f"who,at,what\n{device[-6:]},2024-03-01 08:00:00,in\n{device[-6:]},2024-03-01 16:00:00,go\n")
    arguments = (path, "--site", "hq", "--device", device, "--zone", "UTC", "--mapping", mapping)
    columns = "columns: {user: who, instant: at, kind: what}\n"
    mapping.write_text(columns + "kinds: {in: clock_in}\n")
    run(*arguments)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(line, code) for line, _, code in quarantined(settings, sha256)] == [(3, "unknown_kind")]
    mapping.write_text(columns + "kinds: {in: clock_out, go: clock_out}\n")
    assert "the mapping said in: clock_in" in refusal(*arguments)

    mapping.write_text(columns + "kinds: {in: clock_in, go: clock_out}\n")
    run(*arguments)
    run(*arguments)
    eventually(lambda: [kind for _, kind, _, _ in captured(settings, device)] == ["clock_in", "clock_out"])
    with connect(settings, "operator") as connection:
        [file] = [file for file in imported_files(connection) if file.file_sha256 == sha256]
        resolved = connection.execute(
            "select file_line, action from raw.quarantine inner join raw.quarantine_resolutions using (quarantine_id) "
            "where file_sha256 = %s",
            (sha256,),
        ).fetchall()
    assert resolved == [(3, "replayed")]
    assert (file.punch_count, file.quarantined_count) == (2, 0)
    source = FileSource("hq", device, "UTC", CsvMapping.model_validate(file.mapping))
    ids, rejected = lines_account(path.read_bytes(), source, file.imported_at)
    assert (set(ids.values()), rejected) == ({event_id for event_id, *_ in captured(settings, device)}, [])


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"", ["--zone", "UTC"], ["is empty"]),
        (bytes(range(256)), ["--zone", "UTC"], ["none of the", "--mapping"]),
        (b"x", ["--zone", "Europe/Atlantis"], ["Europe/Atlantis", "Asia/Manila"]),
        (b"x", [], ["nowhere", "--zone"]),
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_cannot_be_imported_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, arguments: list[str], words: list[str]
) -> None:
    path = tmp_path / "D_attlog.dat"
    path.write_bytes(content)
    message = " ".join(refusal(path, "--site", "nowhere", *arguments).split())
    assert all(word in message for word in words), message


@pytest.mark.usefixtures("settings")
def test_a_file_that_does_not_say_its_device_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "march.dat"
    path.write_bytes(b"x")
    assert "--device SERIAL" in refusal(path, "--site", "berlin-x", "--zone", "UTC")


def test_the_keycard_example_is_accounted_for_line_by_line(settings: Settings) -> None:
    # As `timecontrol run` imports it: the same bytes from another site or device would be refused.
    site, device = SITE.site_id, SITE.device_id
    path, mapping = KEYCARD / "in_out_data.csv", KEYCARD / "mapping.yaml"
    run(path, "--site", site, "--device", device, "--zone", SITE.time_zone, "--mapping", mapping)
    source = FileSource(site, device, SITE.time_zone, load_mapping(mapping))
    ids, rejected = lines_account(path.read_bytes(), source, datetime.now(UTC))
    assert (len(ids), rejected) == (2350, [])
    eventually(lambda: {row[0] for row in captured(settings, device)} == set(ids.values()))


@pytest.mark.skipif(not SHARED_ATTLOG.exists(), reason="the real attlog dump may not be distributed with the project")
def test_the_real_attlog_is_accounted_for_line_by_line(settings: Settings) -> None:
    run(SHARED_ATTLOG, "--site", "manila-real", "--zone", "Asia/Manila")
    ids, rejected = lines_account(
        SHARED_ATTLOG.read_bytes(), FileSource("manila-real", "1", "Asia/Manila"), datetime.now(UTC)
    )
    assert (len(ids), rejected) == (24162, [])
    eventually(lambda: {row[0] for row in captured(settings, "1")} == set(ids.values()), timeout=60)


@pytest.fixture
def inbox(stack: RunningStack, settings: Settings) -> Path:
    """The watched folder, while its service runs."""
    stack.require("device_files")
    return settings.home / "inbox"


def test_the_watched_folder_takes_dumps_and_refuses_what_it_cannot_read(
    settings: Settings, inbox: Path, device: str
) -> None:
    folder = inbox / "keycard" / device
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text(
        "columns: {user: who, instant: at, kind: what}\nkinds: {IN: clock_in, OUT: clock_out}\ntime_zone: Europe/Berlin\n"
    )
    (folder / "a.csv").write_text(f"who,at,what\n{device[-6:]},2024-03-01 08:00:00,in\n")
    (folder / "b.csv").write_text("wer,at,what\n7,2024-03-01 08:00:00,in\n")
    (folder / "c.csv.part").write_text("not finished")
    (reason,) = eventually(lambda: list(folder.glob("refused/b.*.reason.txt")))
    assert (
        "columns.user is 'who', which the file does not have; its first line has: wer, at, what" in reason.read_text()
    )
    rows = eventually(lambda: captured(settings, device))
    assert rows[0][1:3] == (
        "clock_in",
        datetime(2024, 3, 1, 7, tzinfo=UTC),
    )
    assert [path.name.partition(".")[0] for path in folder.glob("done/*")] == ["a"]
    assert (folder / "c.csv.part").exists()


def test_a_file_of_a_site_that_is_not_known_yet_waits(settings: Settings, inbox: Path, device: str) -> None:
    site = f"site-{uuid_utils.uuid7()}"
    folder = inbox / site / device
    folder.mkdir(parents=True)
    (folder / "attlog.dat").write_bytes(dump(device, 1))
    log = settings.home / "logs/device_files.log"
    eventually(lambda: site in log.read_text())
    with connect(settings, "core") as connection:
        connection.execute(
            "insert into core.sites (site_id, name, time_zone, actor) values (%s, 'New', 'Asia/Tokyo', 'test')", (site,)
        )
    rows = eventually(lambda: captured(settings, device))
    assert rows[0][2] == datetime(2024, 2, 29, 23, tzinfo=UTC)


def test_a_name_that_is_not_utf_8_is_said(tmp_path: Path, device: str) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9_attlog.dat")
    path.write_bytes(dump(device, 1))
    assert "caf\\xe9_attlog.dat is not UTF-8" in refusal(path, "--site", "berlin-x", "--zone", "UTC")


def killed_in_an_import(stack: RunningStack, settings: Settings, folder: Path, device: str) -> None:
    """The service is killed when it has archived the 20,000 punches of `big.csv`."""
    folder.mkdir(parents=True)
    (folder / "mapping.yaml").write_text("columns: {user: who, instant: at}\ntime_zone: UTC\n")
    content = "who,at\n" + "".join(csv_row(device, number) for number in range(20_000))
    archived = settings.home / "files" / hashlib.sha256(content.encode()).hexdigest()
    (folder / "big.csv").write_text(content)
    eventually(archived.exists, timeout=60)
    stack.kill(["device_files"])


def csv_row(device: str, number: int) -> str:
    """One of fifty users, `number` seconds after midnight."""
    return f"{device[-6:]}{number % 50},{datetime(2024, 3, 1, tzinfo=UTC) + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}\n"


def test_killed_while_it_imports_the_watched_folder_does_the_rest(
    stack: RunningStack, settings: Settings, inbox: Path, device: str
) -> None:
    folder = inbox / "keycard" / device
    killed_in_an_import(stack, settings, folder, device)
    assert not list(folder.glob("done/big.*"))
    eventually(lambda: list(folder.glob("done/big.*")), timeout=60)
    eventually(lambda: len(captured(settings, device)) == 20_000, timeout=60)
    with connect(settings, "operator") as connection:
        record = connection.execute(
            "select line_count, punch_count, quarantined_count from raw.files where device_id = %s", (device,)
        ).fetchone()
    assert record == (20_001, 20_000, 0)


def test_killed_while_it_imports_a_file_that_is_then_replaced_the_archived_bytes_are_imported(
    stack: RunningStack, settings: Settings, inbox: Path, device: str
) -> None:
    folder = inbox / "keycard" / device
    killed_in_an_import(stack, settings, folder, device)
    # The terminal's memory is a ring: its next dump no longer holds what the last one did.
    (folder / "big.csv").write_text("who,at\n" + csv_row(device, 20_000))
    eventually(lambda: len(captured(settings, device)) == 20_001, timeout=60)
    eventually(lambda: list(folder.glob("done/big.*")), timeout=60)
    assert list((settings.home / "imports").iterdir()) == []
    assert [check for check in file_checks(settings) if not check.ok] == []
