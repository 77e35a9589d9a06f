"""Files that an event only names: fetched from the address it gave, never from our own network."""

from core import outside
from desk.envelope import File

MB = 1024 * 1024
LIMIT = 100 * MB


def fetch(file: File) -> bytes:
    """Raises OSError when the bytes cannot be had or are too many."""
    try:
        answer = outside.get(file.reference, LIMIT)
    except (outside.NotReached, outside.NoAnswer) as error:
        raise OSError(str(error)) from error
    if not answer.is_success:
        raise OSError(f"The file's address answered {answer.status}.")
    if len(answer.body) > LIMIT:
        raise OSError(f"The file is larger than {LIMIT // MB} MB.")
    return answer.body
