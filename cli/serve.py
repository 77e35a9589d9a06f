"""`onethread serve`: the whole service in one process."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from rich.console import Console

from api.app import create_app
from api.local import local_router
from api.voice.asterisk.service import phone_lines
from cli import local, seed, setup
from cli.simulate import simulator
from core import files
from core.db import transaction
from core.log import log, start_logging
from core.queue import wake
from core.settings import settings
from ingestion import uploads
from jobs.embedded import worker_and_schedule
from jobs.leases import end_leases
from jobs.library import close_library, library

console = Console()


def serve(
    demo: Annotated[bool, typer.Option(help="Serve the seeded demo company.")] = False,
) -> None:
    """Start the API, the console, the widget, the jobs and the schedule."""
    if demo:
        settings().demo = True
    start_logging(settings().log_level)
    here = f"http://{settings().host}:{settings().port}"
    with ExitStack() as stack:
        service = stack.enter_context(local.owning_the_data_folder(here))
        files.place()
        setup.prepare()
        if settings().demo:
            with console.status("Seeding the demo company"):
                seed.seed_demo()
            stack.enter_context(simulator())
        app = create_app()
        app.state.library = library
        app.include_router(local_router(service.token, library))
        stack.callback(close_library)
        _take_up_what_a_crash_left()
        server = _server(app)
        if settings().audiosocket:
            stack.enter_context(phone_lines(app, settings().audiosocket))
        stack.enter_context(worker_and_schedule(when_ended=lambda: _stop(server)))
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
        _run(server)
    log.info("stopped")
    _leave()


def _take_up_what_a_crash_left() -> None:
    end_leases()
    with transaction() as session:
        uploads.take_up_again(session)


def _warm_up() -> None:
    """Open the index, and repair at once what a crash or a lost job left out of it."""
    library()
    wake("knowledge.reconcile")


def _server(app: FastAPI) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings().host,
            port=settings().port,
            log_config=None,
            access_log=False,
            proxy_headers=False,  # the app reads them itself, from proxies that a setting names
            timeout_graceful_shutdown=5,
        )
    )


def _stop(server: uvicorn.Server) -> None:
    server.should_exit = True


def _run(server: uvicorn.Server) -> None:
    # Once it has stopped, uvicorn raises the signal again: it must not end the process before the
    # jobs have ended.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)
    with _announced(server):
        server.run()


def _leave() -> None:
    """All is closed and on disk: taking the interpreter apart would only cost seconds."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@contextmanager
def _announced(server: uvicorn.Server) -> Iterator[None]:
    """Say where everything is once the service answers."""

    def announce() -> None:
        while not server.started and not server.should_exit:
            done.wait(0.05)
        if server.started:
            _print_addresses()

    done = threading.Event()
    threading.Thread(target=announce, name="announce", daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _print_addresses() -> None:
    url = settings().url
    console.print(f"\n[b]OneThread is running[/b]   console  {url}/console")
    if settings().demo:
        console.print(f"{'':24}shop     {url}/demo")
        console.print(f"{'':24}sign in  {seed.ADMIN_EMAIL}  /  {seed.ADMIN_PASSWORD}")
    console.print(f"{'':24}stop     ctrl-c\n")
