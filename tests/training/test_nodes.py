"""The short form of benchmarks/nodes.py: two nodes that torchrun brings together, one of which is killed and started
again."""

import nodes
import pytest


@pytest.mark.slow
def test_two_nodes_one_killed_train_what_one_node_does():
    found = nodes.run(updates=20, kills=1, seed=2, separate=False)
    assert list(found.values()) == [(0.0, True)] and "killed 1 times" in next(iter(found))
