"""Customers' journeys over several channels, through the real service."""

import pytest

from core.settings import Settings
from eval.continuity.journeys import journeys
from eval.continuity.run import ContinuityReport, Placed, run_continuity


def test_a_seed_makes_the_same_journeys_and_another_seed_others() -> None:
    assert journeys(3) == journeys(3)
    assert journeys(3) != journeys(4)


def test_there_are_hostile_journeys_among_sixty_and_two_to_four_channels_in_friendly_ones() -> None:
    told = journeys(0, 60)
    assert sum(journey.is_hostile for journey in told) >= 15
    assert len({journey.kind for journey in told}) >= 15
    assert all(2 <= len(journey.steps) <= 4 for journey in told)


@pytest.mark.slow
@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_customers_are_joined_remembered_and_nobody_hears_anothers_business(
    installation: Settings,
) -> None:
    found = run_continuity(seed=20261125, count=66).as_json()
    assert found["returns"] >= 60
    assert found["wrong_joins"] == 0
    assert found["missed_share"] < 0.05
    assert found["missed_before_asking"] > 0, "nobody was asked"
    assert found["asked_in_vain"] <= found["returns"] / 10
    assert found["questions_asked_again"] <= 1, "the goal is 0"
    assert found["remembered_share"] > 0.95
    assert found["weak_steps"] >= 15
    assert found["leaks"] == 0
    assert found["baselines"]["newest"][0] > 0
    assert found["baselines"]["channel"][1] > 0


def test_the_simple_rules_fail_where_they_must() -> None:
    steps = tuple(
        Placed(
            journey=0,
            kind="two matters",
            channel=channel,
            text="",
            matter=matter,
            returns=returns,
            weak=False,
            place="right",
            leaks=(),
            remembers=True,
            asked_again=False,
            placed_first="right",
            asked_same=False,
            hinted=False,
            reply="",
        )
        for channel, matter, returns in (
            ("whatsapp", "parcel", False),
            ("email", "invoice", False),
            ("web", "parcel", True),
        )
    )
    baselines = ContinuityReport(0, 1, steps).as_json()["baselines"]
    assert baselines == {"newest": (1, 0), "channel": (0, 1)}
