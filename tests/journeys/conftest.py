"""What the journeys by API share."""

import random
import uuid

import pytest


@pytest.fixture
def rng():
    """Names and amounts by chance."""
    return random.Random(uuid.uuid4().int)
