#!/usr/bin/env bash
# A run of many futures on the machines that ssh reaches (here: this one, ":"), with GNU parallel. A share that fails is
# tried again twice. The folder must be the same on all machines. FUTURES says how many (8,000,000).
set -euo pipefail
parallel --sshlogin "${MACHINES:-:}" --workdir . --jobs 2 --retries 3 \
    "${FESR:-fesr}" run scenarios/wecare-mixed.toml --paths "${FUTURES:-8000000}" --shard {}/8 --checkpoint -o parts --threads 1 --quiet ::: {1..8}
"${FESR:-fesr}" merge parts
