"""Writing a period's file and manifest into a directory."""

import json
from pathlib import Path

from timecontrol.atomic_files import READABLE, write_atomically
from timecontrol.errors import UserError
from timecontrol.serving.exports.period import Manifest, encode, read_period
from timecontrol.serving.reads import Reads


def export(reads: Reads, period: str, format_name: str, directory: Path) -> Manifest:
    """Write the file, then its manifest: a manifest that is there speaks of a file that is there and whole.

    Raises UserError for an unknown period or format, or a directory that cannot be written.
    """
    content, manifest = encode(read_period(reads, period), format_name)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_atomically(directory / manifest.file, content, READABLE)
        document = json.dumps(manifest.as_dict(), indent=2) + "\n"
        write_atomically(manifest_path(directory, manifest.file), document.encode(), READABLE)
    except OSError as error:
        raise UserError(f"{directory} cannot take the export: {error.strerror}") from error
    return manifest


def manifest_path(directory: Path, file: str) -> Path:
    """Where the manifest of an exported file lies."""
    return directory / f"{file}.manifest.json"
