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
        """The layer of a file under src/: the longest layer name that is a prefix of its folder."""
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


def check(root):
    rules = json.loads((root / "tools/layers.json").read_text())
    layers = Layers(rules)
    found, files = [], 0
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".h", ".cc") or path.stem.endswith("_test") or path.stem.startswith("test_"):
            continue  # Tests may see everything.
        files += 1
        relative = path.relative_to(root / "src").as_posix()
        layer = layers.of_path(relative)
        if layer is None:
            found.append(f"src/{relative}: lies in no layer of tools/layers.json")
            continue
        found += layers.violations(layer, INCLUDE.findall(path.read_text()), f"src/{relative}")
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
    layers = Layers({"layers": {"low": [], "high": ["low"]}, "public": {"a.h": "high"}, "private_headers": {"x.h": "low"}})
    def count(layer, *includes):
        return len(list(layers.violations(layer, includes, "t")))

    assert count("high", ('"', "low/a.h"), ('"', "high/b.h"), ("<", "vector")) == 0
    assert count("low", ('"', "high/b.h")) == 1
    assert count("low", ('"', "convoy/a.h")) == 1
    assert count("high", ('"', "convoy/none.h")) == 1
    assert count("high", ("<", "x.h")) == 1
    assert count("low", ("<", "x.h")) == 0
    assert count("high", ('"', "b.h")) == 1


def main():
    self_test()
    found, files = check(Path(sys.argv[1]))
    for line in found:
        print(line)
    print(f"{files} files, {len(found)} violations")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
