"""The index of passages: vectors and words. The only file that imports Qdrant.

It is derived from the database and can be built anew from it at any time.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import qdrant_client
import qdrant_edge as edge
from qdrant_client import models

from core.clock import now
from core.errors import OneThreadError
from core.settings import settings
from knowledge.embed import Vectors

DENSE = "dense"
WORDS = "words"
KEYWORDS = ("audience", "language")
TIMES = ("from", "until")
COLLECTION = "onethread"
FOREVER = 253402300799.0
"""The last second of the year 9999: valid without an end."""
PAGE = 1000

Words = Mapping[int, float]


class IndexBusy(OneThreadError):
    code = "index_busy"
    status = 409


@dataclass(frozen=True)
class Point:
    """One passage as the index knows it. `id` is a UUID."""

    id: str
    vector: Vectors
    words: Words
    audience: str = "public"
    language: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class Match:
    id: str
    score: float


@dataclass(frozen=True)
class Filters:
    """Who asks, and when. Internal articles are found for teammates only."""

    audience: Literal["public", "internal"] = "public"
    languages: tuple[str, ...] = ()
    """Empty: any. Passages without a known language always pass."""
    at: datetime = field(default_factory=now)


class Index(Protocol):
    """`among` limits a search to these ids: it scores what another search has found."""

    def upsert(self, points: Sequence[Point]) -> None: ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def search_dense(
        self, vector: Vectors, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]: ...

    def search_lexical(
        self, words: Words, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]: ...

    def count(self) -> int: ...

    def ids(self) -> Iterator[str]: ...

    def optimize(self) -> None:
        """Tidy up after many changes; may take a minute at 100,000 passages."""

    def close(self) -> None: ...


def open_index(dimension: int) -> Index:
    """The server of the settings, else Qdrant's engine in the data folder, owned by us alone."""
    if settings().qdrant_url:
        key = settings().qdrant_api_key or None
        client = qdrant_client.QdrantClient(url=settings().qdrant_url, api_key=key, timeout=30)
        return ServerIndex(client, dimension)
    return EdgeIndex(settings().data / "index", dimension)


class EdgeIndex:
    """Qdrant's engine in this process. One process owns the folder at a time."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._writing = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        made = (folder / "edge_config.json").exists()
        try:
            if made:
                self._shard = edge.EdgeShard.load(str(folder))
            else:
                self._shard = edge.EdgeShard.create(str(folder), _edge_config(dimension))
                self._index_fields()
        except Exception as refused:
            if "WouldBlock" not in str(refused) and "WAL" not in str(refused):
                raise
            raise IndexBusy(
                "Another process of this installation owns the index. Stop it, or let it do this."
            ) from refused

    def _index_fields(self) -> None:
        kinds = edge.PayloadSchemaType
        for name in KEYWORDS:
            self._shard.update(edge.UpdateOperation.create_field_index(name, kinds.Keyword))
        for name in TIMES:
            self._shard.update(edge.UpdateOperation.create_field_index(name, kinds.Float))

    def upsert(self, points: Sequence[Point]) -> None:
        made = [
            edge.Point(
                id=point.id,
                vector={
                    DENSE: point.vector.tolist(),
                    WORDS: edge.SparseVector(list(point.words), list(point.words.values())),
                },
                payload=_payload(point),
            )
            for point in points
        ]
        with self._writing:
            self._shard.update(edge.UpdateOperation.upsert_points(made))

    def delete(self, ids: Sequence[str]) -> None:
        with self._writing:
            self._shard.update(edge.UpdateOperation.delete_points(list(ids)))

    def search_dense(
        self, vector: Vectors, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]:
        return self._search(vector.tolist(), DENSE, k, filters, among)

    def search_lexical(
        self, words: Words, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]:
        if not words:
            return []
        query = edge.SparseVector(list(words), list(words.values()))
        return self._search(query, WORDS, k, filters, among)

    def _search(
        self, query: Any, using: str, k: int, filters: Filters, among: Sequence[str] | None
    ) -> list[Match]:
        if k < 1:
            return []
        request = edge.QueryRequest(
            limit=k,
            query=edge.Query.Nearest(query, using=using),
            filter=_edge_filter(filters, among),
        )
        return [Match(str(found.id), found.score) for found in self._shard.query(request)]

    def count(self) -> int:
        return int(self._shard.count(edge.CountRequest(exact=True)))

    def ids(self) -> Iterator[str]:
        offset = None
        while True:
            page = edge.ScrollRequest(
                offset=offset, limit=PAGE, with_payload=False, with_vector=False
            )
            points, offset = self._shard.scroll(page)
            yield from (str(point.id) for point in points)
            if offset is None:
                return

    def optimize(self) -> None:
        with self._writing:
            self._shard.optimize()

    def close(self) -> None:
        with self._writing:
            self._shard.flush()
            self._shard.close()


class ServerIndex:
    """A Qdrant server or cluster."""

    def __init__(self, client: qdrant_client.QdrantClient, dimension: int) -> None:
        self._client = client
        if client.collection_exists(COLLECTION):
            return
        client.create_collection(
            COLLECTION,
            vectors_config={
                DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)
            },
            sparse_vectors_config={WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )
        for name in KEYWORDS:
            client.create_payload_index(COLLECTION, name, models.PayloadSchemaType.KEYWORD)
        for name in TIMES:
            client.create_payload_index(COLLECTION, name, models.PayloadSchemaType.FLOAT)

    def upsert(self, points: Sequence[Point]) -> None:
        made = [
            models.PointStruct(
                id=point.id,
                vector={
                    DENSE: point.vector.tolist(),
                    WORDS: models.SparseVector(
                        indices=list(point.words), values=list(point.words.values())
                    ),
                },
                payload=_payload(point),
            )
            for point in points
        ]
        self._client.upsert(COLLECTION, made, wait=True)

    def delete(self, ids: Sequence[str]) -> None:
        self._client.delete(COLLECTION, models.PointIdsList(points=list(ids)), wait=True)

    def search_dense(
        self, vector: Vectors, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]:
        return self._search(vector.tolist(), DENSE, k, filters, among)

    def search_lexical(
        self, words: Words, k: int, filters: Filters, among: Sequence[str] | None = None
    ) -> list[Match]:
        if not words:
            return []
        query = models.SparseVector(indices=list(words), values=list(words.values()))
        return self._search(query, WORDS, k, filters, among)

    def _search(
        self, query: Any, using: str, k: int, filters: Filters, among: Sequence[str] | None
    ) -> list[Match]:
        if k < 1:
            return []
        found = self._client.query_points(
            COLLECTION,
            query=query,
            using=using,
            limit=k,
            query_filter=_server_filter(filters, among),
            with_payload=False,
        )
        return [Match(str(point.id), point.score) for point in found.points]

    def count(self) -> int:
        return self._client.count(COLLECTION, exact=True).count

    def ids(self) -> Iterator[str]:
        offset: Any = None
        while True:
            points, offset = self._client.scroll(
                COLLECTION, limit=PAGE, offset=offset, with_payload=False, with_vectors=False
            )
            yield from (str(point.id) for point in points)
            if offset is None:
                return

    def optimize(self) -> None:
        """A server tidies up by itself."""

    def close(self) -> None:
        self._client.close()


def _payload(point: Point) -> dict[str, Any]:
    return {
        "audience": point.audience,
        "language": point.language,
        "from": point.valid_from.timestamp() if point.valid_from else 0.0,
        "until": point.valid_until.timestamp() if point.valid_until else FOREVER,
    }


def _edge_config(dimension: int) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine)},
        sparse_vectors={WORDS: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
    )


def _edge_filter(filters: Filters, among: Sequence[str] | None) -> edge.Filter:
    at = filters.at.timestamp()
    must: list[Any] = [
        edge.FieldCondition("from", range=edge.RangeFloat(lte=at)),
        edge.FieldCondition("until", range=edge.RangeFloat(gt=at)),
    ]
    if filters.audience == "public":
        must.append(edge.FieldCondition("audience", match=edge.MatchValue("public")))
    if filters.languages:
        must.append(edge.FieldCondition("language", match=edge.MatchAny(["", *filters.languages])))
    if among is not None:
        must.append(edge.HasIdCondition(set(among)))
    return edge.Filter(must=must)


def _server_filter(filters: Filters, among: Sequence[str] | None) -> models.Filter:
    at = filters.at.timestamp()
    must: list[Any] = [
        models.FieldCondition(key="from", range=models.Range(lte=at)),
        models.FieldCondition(key="until", range=models.Range(gt=at)),
    ]
    if filters.audience == "public":
        public = models.MatchValue(value="public")
        must.append(models.FieldCondition(key="audience", match=public))
    if filters.languages:
        spoken = models.MatchAny(any=["", *filters.languages])
        must.append(models.FieldCondition(key="language", match=spoken))
    if among is not None:
        must.append(models.HasIdCondition(has_id=list(among)))
    return models.Filter(must=must)
