#!/usr/bin/env python3
"""Fails when a library does not show exactly the functions that convoy.h declares.

Usage: exported_symbols.py NM LIBRARY HEADER

Of a shared library nothing else may be seen. A static one has the names of everything in it; there only those that
begin with convoy_ are compared.
"""
import re
import subprocess
import sys
from pathlib import Path

DECLARATION = re.compile(r"^CONVOY_API\b[^;]*?\b(\w+)\(", re.MULTILINE)


def declared(header):
    text = re.sub(r"//.*", "", header)
    names = DECLARATION.findall(text)
    if len(names) != len(re.findall(r"^CONVOY_API\b", text, re.MULTILINE)):
        raise SystemExit("a declaration in the header could not be read")
    return names


def exported(nm, library):
    is_shared = library.suffix != ".a"
    command = [nm, "--defined-only", "--extern-only", "--format=posix", *(["--dynamic"] if is_shared else []), library]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    names = {line.split()[0] for line in lines if len(line.split()) > 1}
    return names if is_shared else {name for name in names if name.startswith("convoy_")}


def main():
    sample = "// CONVOY_API x\nCONVOY_API const char* convoy_a(int (*f)(void));\nCONVOY_API void\nconvoy_b(void);\n"
    assert declared(sample) == ["convoy_a", "convoy_b"]
    nm, library, header = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    names = declared(header.read_text())
    found = exported(nm, library)
    for name in sorted(set(names) - found):
        print(f"{name}: declared and not in {library.name}")
    for name in sorted(found - set(names)):
        print(f"{name}: in {library.name} and not declared")
    wrong = [name for name in names if not name.startswith("convoy_") or names.count(name) > 1]
    for name in wrong:
        print(f"{name}: has no prefix, or is declared twice")
    return 1 if wrong or not names or set(names) != found else 0


if __name__ == "__main__":
    sys.exit(main())
