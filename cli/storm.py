"""`onethread simulate`: customers in any weather, and the accounts settled at the end."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import select, update

from cli import accounts, local
from cli.lines import LINES
from cli.simulate import PROVIDERS, SIMULATED
from connectors.simulator.crowd import Crowd, Play
from connectors.simulator.line import Line
from connectors.simulator.settlement import Settlement, settle
from connectors.simulator.weather import Weather
from core.clock import now
from core.db import reading, transaction
from core.errors import Invalid, OneThreadError
from core.settings import settings
from desk.inboxes import Inbox
from knowledge.articles import Article

console = Console()
ASKED = ("Can you tell me about {}?", "{}: how does that work?", "I have a question on {}.")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
OUTWARD = ("api_base", "smtp_host", "imap_host", "callback_url")
"""The settings of an inbox that name the provider's side."""


def simulate(
    events: Annotated[int, typer.Option(help="How many things happen.")] = 500,
    rate: Annotated[float, typer.Option(help="How many a second.")] = 20,
    people: Annotated[int, typer.Option(help="Customers on each channel.")] = 50,
    seed: Annotated[int, typer.Option(help="The same seed is the same story.")] = 1,
    redeliver: Annotated[float, typer.Option(help="Share that comes twice.")] = 0.3,
    batch: Annotated[int, typer.Option(help="At most so many in one webhook.")] = 100,
    shuffle: Annotated[float, typer.Option(help="Seconds in which all is mixed up.")] = 60,
    fail: Annotated[float, typer.Option(help="Share of sends that fail.")] = 0.1,
    channels: Annotated[str, typer.Option(help="Which, with commas; empty: all.")] = "",
    patience: Annotated[float, typer.Option(help="Seconds to wait at the end.")] = 600,
) -> None:
    """Play providers with bad days against the running service, and settle the accounts."""
    _check(events, rate, people, batch, redeliver, fail, shuffle)
    service = local.needed_service()
    inboxes = _chosen(channels)
    weather = Weather(
        redeliver, batch, shuffle, failing=fail, patience=patience, lanes=2, seed=seed
    )
    began, run = now(), secrets.token_hex(4)
    with ExitStack() as stack:
        topics = _topics()
        crowds = {}
        for inbox in inboxes:
            line = stack.enter_context(line_of(inbox, service.url, weather))
            hook = f"{service.url}/webhooks/{inbox.id}"
            crowds[hook] = Crowd(line, people, topics, seed, garbled=0.01, run=run)
        play = stack.enter_context(Play(crowds, weather, seed))
        ids = [inbox.id for inbox in inboxes]
        _bring(play, events, rate)
        _wait(play, ids, patience)
        play.look_again()
        with reading() as session:
            held = accounts.held(session, ids, since=began)
        settlement = settle(play.books, held)
    _show(settlement)
    if not settlement.is_clean:
        raise typer.Exit(1)


def _check(
    events: int, rate: float, people: int, batch: int, redeliver: float, fail: float, shuffle: float
) -> None:
    if events < 1 or rate <= 0 or people < 1 or batch < 1 or shuffle < 0:
        raise Invalid("Give at least 1 event, 1 person, a batch of 1, and a rate above 0.")
    if not 0 <= redeliver <= 1 or not 0 <= fail <= 1:
        raise Invalid("--redeliver and --fail are shares: between 0 and 1.")


def _chosen(channels: str) -> Sequence[Inbox]:
    """The simulated inboxes of these kinds. Nothing that reaches a real provider is touched."""
    wanted = [kind.strip() for kind in channels.split(",") if kind.strip()] or _reachable()
    unknown = [kind for kind in wanted if kind not in LINES]
    if unknown:
        raise Invalid(f"{unknown[0]} can't be simulated; {', '.join(LINES)} can.")
    with reading() as session:
        rows = session.scalars(select(Inbox).where(Inbox.kind.in_(wanted), Inbox.enabled))
        found = [inbox for inbox in rows if is_simulated(inbox)]
    if not found:
        raise OneThreadError(
            "No inbox here is a simulated one, and those of real providers are left alone. "
            "Start the demo in a folder of its own: ONETHREAD_DATA=try onethread serve --demo"
        )
    return found


def _reachable() -> list[str]:
    """The service posts to an API inbox's other side like to any stranger: not to this machine,
    unless that is allowed."""
    private = settings().allow_private_targets
    return [kind for kind in LINES if kind != "api" or private]


def is_simulated(inbox: Inbox) -> bool:
    """Marked as the demo's, and every server it names is on this machine."""
    named = [inbox.config.get(setting, "") for setting in OUTWARD]
    hosts = [urlsplit(name).hostname if "://" in name else name for name in named if name]
    return bool(inbox.config.get(SIMULATED)) and all(host in LOOPBACK for host in hosts)


def _topics() -> list[list[str]]:
    with reading() as session:
        titles = session.scalars(select(Article.title).order_by(Article.id).limit(200)).all()
    if not titles:
        raise OneThreadError("The knowledge base is empty, so that nobody could be answered.")
    return [[ask.format(title.rstrip("?.")) for ask in ASKED] for title in titles]


@contextmanager
def line_of(inbox: Inbox, service: str, weather: Weather) -> Iterator[Line]:
    """An inbox's customers, while somebody in this weather plays its provider."""
    playing = PROVIDERS[inbox.kind](inbox, service, weather)
    with playing as played, _connected(inbox, played.connection):
        yield LINES[inbox.kind](inbox, played.fake)


@contextmanager
def _connected(inbox: Inbox, config: Mapping[str, str]) -> Iterator[None]:
    """The inbox sends to this simulator meanwhile, and to where it did before afterwards."""
    before = {name: inbox.config.get(name, "") for name in config}
    _configure(inbox.id, config)
    try:
        yield
    finally:
        _configure(inbox.id, before)


def _configure(inbox_id: str, config: Mapping[str, str]) -> None:
    with transaction() as session:
        known = session.scalars(select(Inbox.config).where(Inbox.id == inbox_id)).one()
        changed = update(Inbox).where(Inbox.id == inbox_id).values(config={**known, **config})
        session.execute(changed)


def _bring(play: Play, events: int, rate: float) -> None:
    began = time.monotonic()
    with _progress() as bar:
        task = bar.add_task("Customers write", total=events)
        for number in range(events):
            play.go_on()
            bar.advance(task)
            time.sleep(max(0.0, began + number / rate - time.monotonic()))


def _wait(play: Play, inboxes: Sequence[str], patience: float) -> None:
    """Until nothing is on its way any more."""
    deadline = time.monotonic() + patience
    with _progress() as bar:
        task = bar.add_task("Waiting for the last answers", total=None)
        while time.monotonic() < deadline and (left := _left(play, inboxes)):
            bar.update(task, description=f"Waiting for the last answers ({left} things left)")
            time.sleep(1)


def _left(play: Play, inboxes: Sequence[str]) -> int:
    with reading() as session:
        ours = accounts.unfinished(session, inboxes) + accounts.on_their_way(session, inboxes)
    return play.waiting + ours


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    )


def _show(settlement: Settlement) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for words, number in (
        ("things that happened", settlement.brought),
        ("messages of customers, stored", settlement.stored),
        ("replies sent", settlement.sent),
        ("replies refused, a person was told", settlement.failed),
        ("replies nobody can be sure of, a person was told", settlement.unknown),
        ("dead letters", settlement.dead),
        ("outstanding", settlement.outstanding),
    ):
        table.add_row(words, str(number))
    console.print(table)
    if settlement.is_clean:
        console.print("The accounts agree: nothing lost, nothing twice.", style="green")
    for wrong, which in settlement.wrongs.items():
        console.print(f"{wrong}: {len(which)}, e.g. {which[0]}", style="red")
