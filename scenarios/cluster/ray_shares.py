"""A run of many futures on a Ray cluster: python ray_shares.py scenarios/wecare-mixed.toml 8 --paths 8000000

The working directory must be on a disk that all nodes see; `fesr` must be on their PATH.
"""

import os
import subprocess
import sys

import ray


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def share(scenario: str, number: int, shares: int, options: list[str], folder: str) -> None:
    words = ["fesr", "run", scenario, *options, "--shard", f"{number}/{shares}", "--checkpoint"]
    subprocess.run([*words, "-o", "parts", "--threads", "1", "--quiet"], check=True, cwd=folder)


if __name__ == "__main__":
    scenario, shares, options = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    ray.init(address=os.environ.get("RAY_ADDRESS"))
    ray.get([share.remote(scenario, number, shares, options, os.getcwd()) for number in range(1, shares + 1)])
    subprocess.run(["fesr", "merge", "parts"], check=True)
