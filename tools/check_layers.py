#!/usr/bin/env python3
"""Fails when an #include crosses the layers against the arrows of tools/layers.json.

Usage: check_layers.py ROOT [--self-test]
"""
import json
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


class Layers:
    def __init__(self, rules):
        self.edges = rules["layers"]
        self.public = rules["public"]
        self.private = rules["private_headers"]

    def of_path(self, relative):
        """The layer of a file under src/ or bindings/: the longest layer name that is a prefix of its folder."""
        folder = relative.rsplit("/", 1)[0] if "/" in relative else ""
        fits = [name for name in self.edges if folder == name or folder.startswith(name + "/")]
        return max(fits, key=len) if fits else None

    def reach(self, layer):
        seen, todo = {layer}, [layer]
        while todo:
            for below in self.edges[todo.pop()]:
                if below not in seen:
                    seen.add(below)
                    todo.append(below)
        return seen

    def violations(self, layer, includes, where):
        allowed = self.reach(layer)
        for kind, target in includes:
            if target.startswith("convoy/"):
                owner = self.public.get(target.removeprefix("convoy/"))
                if owner is None:
                    yield f"{where}: {target} has no owner in tools/layers.json"
                elif owner not in allowed:
                    yield f"{where}: layer {layer} may not include {target}, which belongs to {owner}"
            elif kind == '"':
                owner = self.of_path(target)
                if owner is None:
                    yield f"{where}: write {target} as <layer>/<file>"
                elif owner not in allowed:
                    yield f"{where}: layer {layer} may not include {target}"
            elif target in self.private and self.private[target] != layer:
                yield f"{where}: only layer {self.private[target]} may include <{target}>"


def is_test(path):
    """Tests may see everything."""
    return path.stem.endswith("_test") or path.stem.startswith("test_") or path.parent.name == "test"


def sources(root):
    """Each source file, and its path as an include would write it."""
    for folder, base in ((root / "src", root / "src"), (root / "bindings", root)):
        for path in sorted(folder.rglob("*")):
            # What bindings offer to other languages stands outside of the layers.
            is_source = path.suffix in (".h", ".cc") and "node_modules" not in path.parts
            if is_source and not is_test(path) and path.parent.name != "include":
                yield path, path.relative_to(base).as_posix()


def check(root):
    rules = json.loads((root / "tools/layers.json").read_text())
    layers = Layers(rules)
    found, files = [], 0
    for path, relative in sources(root):
        files += 1
        where = path.relative_to(root).as_posix()
        layer = layers.of_path(relative)
        if layer is None:
            found.append(f"{where}: lies in no layer of tools/layers.json")
            continue
        found += layers.violations(layer, INCLUDE.findall(path.read_text()), where)
    for path in sorted((root / "include/convoy").glob("*.h")):
        files += 1
        owner = layers.public.get(path.name)
        if owner is None:
            found.append(f"include/convoy/{path.name}: has no owner in tools/layers.json")
            continue
        found += layers.violations(owner, INCLUDE.findall(path.read_text()), f"include/convoy/{path.name}")
    return found, files


def self_test():
    """The check itself must be able to fail."""
    layers = Layers({"layers": {"low": [], "high": ["low"], "bindings/x": ["high"]}, "public": {"a.h": "high"}, "private_headers": {"x.h": "low"}})
    def count(layer, *includes):
        return len(list(layers.violations(layer, includes, "t")))

    assert count("high", ('"', "low/a.h"), ('"', "high/b.h"), ("<", "vector")) == 0
    assert count("low", ('"', "high/b.h")) == 1
    assert count("low", ('"', "convoy/a.h")) == 1
    assert count("high", ('"', "convoy/none.h")) == 1
    assert count("high", ("<", "x.h")) == 1
    assert count("low", ("<", "x.h")) == 0
    assert count("high", ('"', "b.h")) == 1
    assert layers.of_path("bindings/x/a.cc") == "bindings/x"
    assert count("bindings/x", ('"', "high/b.h"), ('"', "bindings/x/a.h")) == 0
    assert count("high", ('"', "bindings/x/a.h")) == 1
    assert is_test(Path("src/low/a_test.cc")) and is_test(Path("bindings/x/test/a.h")) and not is_test(Path("src/low/a.cc"))


def main():
    self_test()
    found, files = check(Path(sys.argv[1]))
    for line in found:
        print(line)
    print(f"{files} files, {len(found)} violations")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
