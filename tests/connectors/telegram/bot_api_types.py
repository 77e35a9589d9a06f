"""The vendor's description of the Bot API: does a value have the form it states, and what would
one of its types look like?"""

import json
from pathlib import Path
from typing import Any

PLAIN = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "True": bool,
    "Float": float,
}


class BotApi:
    def __init__(self, specs: Path) -> None:
        whole = json.loads((specs / "telegram" / "api.json").read_text())
        self.types: dict[str, Any] = whole["types"]
        self.methods: dict[str, Any] = whole["methods"]

    def problems(self, value: Any, kind: str, place: str = "") -> list[str]:
        """What is wrong with a value of this type; fields the type doesn't have count too."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{place} is no list"]
            inner = kind.removeprefix("Array of ")
            return [
                p for n, one in enumerate(value) for p in self.problems(one, inner, f"{place}[{n}]")
            ]
        if kind in PLAIN:
            right = isinstance(value, PLAIN[kind]) and (kind != "Integer" or value is not True)
            return [] if right else [f"{place} is no {kind}"]
        described = self.types[kind]
        if described.get("subtypes"):
            tried: list[list[str]] = [
                self.problems(value, one, place) for one in described["subtypes"]
            ]
            return min(tried, key=len)
        if not isinstance(value, dict):
            return [f"{place} is no {kind}"]
        return self.problems_of_fields(value, described.get("fields", []), place or kind)

    def problems_of_call(self, fields: dict[str, Any], method: str, files: set[str]) -> list[str]:
        """Of a method's parameters; those in `files` came beside the fields."""
        stated = [one for one in self.methods[method].get("fields", []) if one["name"] not in files]
        return self.problems_of_fields(fields, stated, method)

    def problems_of_fields(
        self, value: dict[str, Any], fields: list[dict[str, Any]], place: str
    ) -> list[str]:
        known = {one["name"]: one for one in fields}
        found = [f"{place} has no field {name}" for name in value if name not in known]
        for name, one in known.items():
            if name not in value:
                found += [f"{place}.{name} is missing"] if one["required"] else []
                continue
            tried = [self.problems(value[name], kind, f"{place}.{name}") for kind in one["types"]]
            fewest: list[str] = min(tried, key=len)
            found += fewest
        return found

    def example(self, kind: str, depth: int = 0) -> Any:
        """A value of this type with what it needs and, near the top, whatever it may have."""
        if kind.startswith("Array of "):
            return [self.example(kind.removeprefix("Array of "), depth)]
        if kind in PLAIN:
            return {"Integer": 7, "String": "x", "Boolean": False, "True": True, "Float": 1.5}[kind]
        described = self.types.get(kind, {})
        if described.get("subtypes"):
            return self.example(described["subtypes"][0], depth)
        return {
            one["name"]: self.example(one["types"][0], depth + 1)
            for one in described.get("fields", [])
            if one["required"] and depth < 6
        }
