"""What asking a language model costs."""

from dataclasses import dataclass


@dataclass
class Spent:
    """What requests cost together. `estimated`: the endpoint did not say for all of them, so
    tokens were counted here. `cost` is in the currency of the endpoint's prices."""

    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    requests: int = 0
    estimated: bool = False

    def add(self, other: "Spent") -> None:
        self.model = other.model or self.model
        self.tokens_in += other.tokens_in
        self.tokens_out += other.tokens_out
        self.cost += other.cost
        self.requests += other.requests
        self.estimated |= other.estimated
