#!/usr/bin/env bash
# A run of many futures on Slurm: an array of shares, and a job that merges them when all are done.
#
#   scenarios/cluster/slurm-submit.sh SCENARIO SHARES [options of fesr run, such as --paths 8000000]
#   COMMAND=frontier scenarios/cluster/slurm-submit.sh SCENARIO SHARES [options of fesr frontier, such as --step 1%]
#
# FESR is the program (fesr), PARTS the folder for the parts (parts), OUTPUT that of the results (output); the folders
# must be seen by all nodes. Prints the numbers of the two jobs.
set -euo pipefail

scenario=$1 shares=$2
shift 2
here=$(dirname "$0")
parts=${PARTS:-parts}
export FESR=${FESR:-fesr} COMMAND=${COMMAND:-run}

array=$(sbatch --parsable --array="1-$shares" "$here/slurm-share.sh" "$scenario" "$shares" "$parts" "$@")
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes --job-name=fesr-merge \
    --output=fesr-merge.log --wrap="'$FESR' merge '$parts' -o '${OUTPUT:-output}'")
echo "$array $merge"
