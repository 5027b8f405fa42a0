#!/usr/bin/env python3
"""Prints all rows of the given tables of a device's database as JSON, read with Python's own SQLite.

Usage: devices.py CONVOY_HOME TABLE...
"""
import json
import sqlite3
import sys
from pathlib import Path


def database(home):
    for path in sorted(Path(home).rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                if file.read(16) == b"SQLite format 3\0":
                    return path
    sys.exit(f"no database under {home}")


def rows(connection, table):
    return [dict(row) for row in connection.execute(f'select * from "{table}" where _status is not \'deleted\'')]


connection = sqlite3.connect(database(sys.argv[1]))
connection.row_factory = sqlite3.Row
print(json.dumps({table: rows(connection, table) for table in sys.argv[2:]}))
