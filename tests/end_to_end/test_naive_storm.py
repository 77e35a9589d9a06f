"""The settlement is no formality: a typical handler passes on a calm day and fails in a storm."""

from connectors.simulator.crowd import Crowd, Play
from connectors.simulator.lines.whatsapp import WhatsAppLine
from connectors.simulator.meta import FakeMeta
from connectors.simulator.settlement import Settlement, settle
from connectors.simulator.weather import CALM, Weather
from tests.end_to_end.naive import NaiveHandler, serving

STORM = Weather(redelivered=0.3, batch=5, span=1, failing=0.3, seed=3)


def settled(weather: Weather, restarts: int) -> Settlement:
    with FakeMeta(weather=weather) as meta:
        naive = NaiveHandler(meta)
        with serving(naive):
            line = WhatsAppLine(meta, can=())
            crowd = Crowd(line, people=30, topics=[["Do you ship to Norway?"]], seed=3)
            with Play({naive.url: crowd}, weather, seed=3) as play:
                for number in range(150):
                    play.go_on()
                    if restarts and number % (150 // restarts) == 149 // restarts:
                        naive.restart()
            return settle(play.books, naive.held)


def test_on_a_calm_day_the_naive_handler_does_well() -> None:
    assert settled(CALM, restarts=0).wrongs == {}


def test_in_a_storm_the_naive_handler_loses_and_doubles() -> None:
    wrongs = settled(STORM, restarts=4).wrongs
    assert wrongs["lost"], "of each batch only the first message was taken"
    assert wrongs["delivered twice"], "ambiguous failures were sent again"
    assert wrongs["out of order"]
