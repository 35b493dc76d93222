"""Killed at any moment: what was read stays read, what is published is whole, and the finished graph is the same."""

import subprocess
import sys

import pytest
from conftest import ROOT, environment


@pytest.mark.model
def test_a_build_that_is_killed_again_and_again_loses_nothing_and_ends_the_same():
    command = [sys.executable, "-m", "benchmarks.crash", "--articles", "12", "--kills", "12"]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
