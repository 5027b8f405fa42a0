#!/usr/bin/env python3
"""Installs libconvoy into a folder of its own, and builds programs against it as a stranger would: the example of
docs/reference/c-api.md with the plain C compiler and pkg-config, and a project with CMake.

Usage: consume.py --build DIR --config NAME --cmake PATH --docs FILE --project DIR [--flags FLAGS] KIND...
KIND is static or shared.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# As a user's own build would be set up.
STRICT = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def run(command, **options):
    result = subprocess.run([str(part) for part in command], text=True, capture_output=True, check=False, **options)
    if result.returncode != 0:
        sys.exit(f"{shlex.join(map(str, command))}\nended with {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def example(docs):
    """The program in the documentation and what it is said to print."""
    found = re.search(r"<!-- example: tasks\.c -->\n```c\n(.*?)```.*?```text\n(.*?)```", docs, re.DOTALL)
    if not found:
        sys.exit("the documentation has no example")
    return found.groups()


class Installation:
    def __init__(self, prefix, flags):
        self.prefix = prefix
        self.flags = flags
        self.pkgconfig = next(prefix.rglob("convoy.pc")).parent
        self.libraries = self.pkgconfig.parent
        self.environment = {**os.environ, "PKG_CONFIG_PATH": str(self.pkgconfig), "LD_LIBRARY_PATH": str(self.libraries)}

    def only(self, kind):
        """Hides the other kind of library, so that the linker has no choice."""
        for path in self.libraries.glob("*libconvoy.*"):
            is_shared = ".so" in path.name
            shown = path.with_name(path.name.removeprefix("hidden-"))
            path.rename(shown if is_shared == (kind == "shared") else shown.with_name("hidden-" + shown.name))

    def show_all(self):
        for path in self.libraries.glob("hidden-*"):
            path.rename(path.with_name(path.name.removeprefix("hidden-")))


def compile_example(there, kind, source, printed, folder):
    there.only(kind)
    query = ["pkg-config", "--cflags", "--libs", *(["--static"] if kind == "static" else []), "convoy"]
    flags = run(query, env=there.environment).split()
    program = folder / f"tasks-{kind}"
    run(["cc", *STRICT, *there.flags, source, *flags, "-o", program])
    output = run([program], env=there.environment)
    if output != printed:
        sys.exit(f"the example prints\n{output}and is documented to print\n{printed}")
    there.show_all()


def build_project(there, kinds, cmake, project, folder):
    run([cmake, "-G", "Ninja", "-S", project, "-B", folder, f"-DCMAKE_PREFIX_PATH={there.prefix}", "-DCMAKE_BUILD_TYPE=Debug",
         f"-DCMAKE_C_FLAGS={shlex.join(there.flags)}", f"-DKINDS={';'.join(kinds)}"])
    run([cmake, "--build", folder])
    for kind in kinds:
        run([folder / f"consumer_{kind}"])


def main():
    parser = argparse.ArgumentParser()
    for name in ("build", "config", "cmake", "docs", "project"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--flags", default="")
    parser.add_argument("kinds", nargs="+", choices=["static", "shared"])
    options = parser.parse_args()

    folder = Path(tempfile.mkdtemp(prefix="convoy-consume-"))
    try:
        prefix = folder / "prefix"
        run([options.cmake, "--install", options.build, "--config", options.config, "--component", "convoy_c", "--prefix", prefix])
        there = Installation(prefix, shlex.split(options.flags))
        for kind in ("static", "shared"):
            library = there.libraries / ("libconvoy.a" if kind == "static" else "libconvoy.so")
            if library.exists() != (kind in options.kinds):
                sys.exit(f"{library.name} was {'not ' if kind in options.kinds else ''}installed")
        text, printed = example(Path(options.docs).read_text())
        source = folder / "tasks.c"
        source.write_text(text)
        for kind in options.kinds:
            compile_example(there, kind, source, printed, folder)
        build_project(there, options.kinds, options.cmake, options.project, folder / "project")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
