#!/usr/bin/env python3
"""Fails unless exactly the lines marked `// error` are those the compiler refuses.

Usage: does_not_compile.py SOURCE COMPILER [FLAG ...]
"""
import re
import subprocess
import sys
from pathlib import Path


def main():
    source, compiler, *flags = sys.argv[1:]
    lines = Path(source).read_text().splitlines()
    wanted = {number for number, line in enumerate(lines, 1) if line.endswith("// error")}
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout
    unlimited = "-ferror-limit=0" if "clang" in version else "-fmax-errors=0"
    run = subprocess.run([compiler, *flags, unlimited, "-fsyntax-only", source], capture_output=True, text=True)
    name = re.escape(Path(source).name)
    # An error within a header is none that a user could read: it must be on the user's line.
    errors = [line for line in run.stderr.splitlines() if re.search(r": (fatal )?error:", line)]
    refused = {int(found[1]) for line in errors if (found := re.search(name + r":(\d+):\d+: error:", line))}
    elsewhere = [line for line in errors if not re.search(name + r":\d+:\d+: error:", line)]
    for number in sorted(wanted - refused):
        print(f"{source}:{number} compiles: {lines[number - 1].strip()}")
    for number in sorted(refused - wanted):
        print(f"{source}:{number} does not compile: {lines[number - 1].strip()}")
    for line in elsewhere:
        print(f"not on the user's line: {line}")
    print(f"{len(wanted)} lines that must not compile, {len(refused)} that do not")
    return 0 if wanted and wanted == refused and not elsewhere else 1


if __name__ == "__main__":
    sys.exit(main())
