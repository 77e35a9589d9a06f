"""What people would build with instead, on the same texts and questions in the same process."""

from collections.abc import Sequence
from typing import Any, Protocol

from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from eval.suites import Document
from knowledge.model.minilm import packaged_model

FOUND = 10


class Peer(Protocol):
    name: str

    def ingest(self, documents: Sequence[Document]) -> list[str]:
        """Split, embed and index; returns the texts that were embedded."""

    def search(self, question: str) -> object: ...


class BareModel:
    """The unquantised model as sentence-transformers runs it: what every peer embeds with."""

    def __init__(self) -> None:
        # transformers leaves this function untyped.
        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model = SentenceTransformer(str(packaged_model()), local_files_only=True)

    def encode(self, texts: Sequence[str]) -> Any:
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def installed_peers(model: BareModel) -> tuple[list[Peer], list[str]]:
    """The peers that can run here, and a line about each that can't."""
    try:
        return [LangChain(model)], []
    except ImportError as missing:
        return [], [f"LangChain left out: {missing.name} is not installed (it is in the dev extra)"]


class LangChain:
    """Its quick start: a splitter of 1,000 characters, Qdrant in memory, the closest passages."""

    name = "LangChain"

    def __init__(self, model: BareModel) -> None:
        from langchain_core.embeddings import Embeddings
        from langchain_qdrant import QdrantVectorStore
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        class OfModel(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                rows: list[list[float]] = model.encode(texts).tolist()
                return rows

            def embed_query(self, text: str) -> list[float]:
                return self.embed_documents([text])[0]

        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._store_of = QdrantVectorStore.from_documents
        self._embeddings = OfModel()

    def ingest(self, documents: Sequence[Document]) -> list[str]:
        from langchain_core.documents import Document as Text

        texts = [Text(document.text, metadata={"id": document.id}) for document in documents]
        parts = self._splitter.split_documents(texts)
        self._store = self._store_of(parts, self._embeddings, location=":memory:")
        return [part.page_content for part in parts]

    def search(self, question: str) -> object:
        return self._store.similarity_search(question, k=FOUND)
