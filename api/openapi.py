"""`python -m api.openapi` prints the API's description, the same text for the same code."""

import json
import sys

from api.app import create_app


def describe() -> str:
    return json.dumps(create_app().openapi(), indent=1, sort_keys=True, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(describe() + "\n")
