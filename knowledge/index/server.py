"""A Qdrant server or cluster."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import qdrant_client
from qdrant_client import models

from core.settings import settings
from knowledge.embed import Vectors
from knowledge.index.base import (
    KEYWORDS,
    TIMES,
    WORDS,
    Filters,
    Match,
    Point,
    Words,
    fingerprint,
    payload,
)

PAGE = 1000


def connect(dimensions: Mapping[str, int]) -> "ServerIndex":
    """The index on the server of the settings."""
    key = settings().qdrant_api_key or None
    client = qdrant_client.QdrantClient(url=settings().qdrant_url, api_key=key, timeout=30)
    return ServerIndex(client, dimensions)


class ServerIndex:
    """A Qdrant server or cluster."""

    def __init__(self, client: qdrant_client.QdrantClient, dimensions: Mapping[str, int]) -> None:
        self._client = client
        self._collection = f"onethread-{fingerprint(dimensions)}"
        if client.collection_exists(self._collection):
            return
        client.create_collection(
            self._collection,
            vectors_config={
                name: models.VectorParams(size=size, distance=models.Distance.COSINE)
                for name, size in dimensions.items()
            },
            sparse_vectors_config={WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )
        for name in KEYWORDS:
            client.create_payload_index(self._collection, name, models.PayloadSchemaType.KEYWORD)
        for name in TIMES:
            client.create_payload_index(self._collection, name, models.PayloadSchemaType.FLOAT)

    def upsert(self, points: Sequence[Point]) -> None:
        made = [
            models.PointStruct(
                id=point.id,
                vector={
                    **{name: vector.tolist() for name, vector in point.vectors.items()},
                    WORDS: models.SparseVector(
                        indices=list(point.words), values=list(point.words.values())
                    ),
                },
                payload=payload(point),
            )
            for point in points
        ]
        self._client.upsert(self._collection, made, wait=True)

    def delete(self, ids: Sequence[str]) -> None:
        self._client.delete(self._collection, models.PointIdsList(points=list(ids)), wait=True)

    def search_dense(
        self,
        model: str,
        vector: Vectors,
        k: int,
        filters: Filters,
        among: Sequence[str] | None = None,
    ) -> list[Match]:
        return self._search(vector.tolist(), model, k, filters, among)

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
            self._collection,
            query=query,
            using=using,
            limit=k,
            query_filter=_server_filter(filters, among),
            with_payload=False,
        )
        return [Match(str(point.id), point.score) for point in found.points]

    def count(self) -> int:
        return self._client.count(self._collection, exact=True).count

    def ids(self) -> Iterator[str]:
        offset: Any = None
        while True:
            points, offset = self._client.scroll(
                self._collection, limit=PAGE, offset=offset, with_payload=False, with_vectors=False
            )
            yield from (str(point.id) for point in points)
            if offset is None:
                return

    def optimize(self) -> None:
        """A server tidies up by itself."""

    def close(self) -> None:
        self._client.close()


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
