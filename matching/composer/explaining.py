from matching.composer.answers import Answer
from matching.composer.columns import Facts
from matching.composer.solver import Clock


def explained(answer: Answer, facts: Facts, clock: Clock) -> Answer:
    return answer
