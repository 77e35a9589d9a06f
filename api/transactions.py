"""One request is one unit of work, and it is committed before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from core import db


def _reading() -> Iterator[Session]:
    with db.reading() as session:
        yield session


def _writing() -> Iterator[Session]:
    with db.transaction() as session:
        yield session


# With FastAPI's usual scope the commit would come after the response: a 2xx for work that failed.
Reading = Annotated[Session, Depends(_reading, scope="function")]
Writing = Annotated[Session, Depends(_writing, scope="function")]
