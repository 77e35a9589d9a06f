"""An S3 server that takes the wire protocol, and a line to it that can be cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx


@dataclass(frozen=True)
class S3:
    url: str
    bucket: str = "shop-files"

    def settings(self, **others: str) -> dict[str, str]:
        """What an operator sets to keep files here."""
        return {
            "files_url": f"s3://{self.bucket}/onethread",
            "aws_endpoint_url": self.url,
            "aws_region": "eu-central-1",
            "aws_access_key_id": "key",
            "aws_secret_access_key": "secret",
            **others,
        }

    def objects(self) -> list[str]:
        listing = httpx.get(f"{self.url}/{self.bucket}", trust_env=False).text
        return [part.split("</Key>")[0] for part in listing.split("<Key>")[1:]]

    @contextmanager
    def asking_for_keys(self) -> Iterator[None]:
        """Nobody is let in: no key has been given out."""
        reset = f"{self.url}/moto-api/reset-auth"
        httpx.post(reset, content="0", trust_env=False).raise_for_status()
        try:
            yield
        finally:
            httpx.post(reset, content="inf", trust_env=False)

    @contextmanager
    def over_a_line_cut_after(self, size: int) -> Iterator[str]:
        """An address that leads here until `size` bytes went up; then nothing does."""
        host, port = self.url.removeprefix("http://").split(":")
        with socket.create_server(("127.0.0.1", 0)) as door:
            line = _Line((host, int(port)), door, size)
            threading.Thread(target=line.serve, daemon=True).start()
            yield f"http://127.0.0.1:{door.getsockname()[1]}"


class _Line:
    def __init__(self, to: tuple[str, int], door: socket.socket, size: int) -> None:
        self.to, self.door, self.left = to, door, size

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.door.accept()
                if self.left <= 0:
                    near.close()
                    continue
                far = socket.create_connection(self.to)
                threading.Thread(target=self._up, args=(near, far), daemon=True).start()
                threading.Thread(target=self._down, args=(far, near), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while self.left > 0 and (piece := near.recv(65536)):
                self.left -= len(piece)
                far.sendall(piece)

    def _down(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while piece := far.recv(65536):
                near.sendall(piece)


@contextmanager
def s3_server() -> Iterator[S3]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    s3 = S3(f"http://{host}:{port}")
    httpx.put(f"{s3.url}/{s3.bucket}", trust_env=False).raise_for_status()
    try:
        yield s3
    finally:
        server.stop()
