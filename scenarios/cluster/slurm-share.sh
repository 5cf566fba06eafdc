#!/usr/bin/env bash
# One share of a run: a task of a Slurm job array. Put in by slurm-submit.sh, or by hand:
#   sbatch --array=1-8 scenarios/cluster/slurm-share.sh scenarios/wecare-mixed.toml 8 parts --paths 8000000
# and again, after fesr merge has named the shares that are missing (same words, other array):
#   sbatch --array=3,5 scenarios/cluster/slurm-share.sh scenarios/wecare-mixed.toml 8 parts --paths 8000000
# COMMAND=frontier (or compare, stress, sensitivity) in the environment makes it a share of a study.
#SBATCH --job-name=fesr-share
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=fesr-share-%a.log
set -euo pipefail

scenario=$1 shares=$2 parts=$3
shift 3
# The number of the task is the number of the share, also when some are put in again. A share that was killed goes on from
# its checkpoint.
command=${COMMAND:-run}
checkpoint=()
[ "$command" = run ] && checkpoint=(--checkpoint)
code=0
"${FESR:-fesr}" "$command" "$scenario" "$@" --shard "/$shares" "${checkpoint[@]}" -o "$parts" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" --progress lines || code=$?
# Killed or without a disk: once more, up to three times. A bad command line (2) or a bug (70) does not get better.
if [ "$code" != 0 ] && [ "$code" != 2 ] && [ "$code" != 70 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
    scontrol requeue "$SLURM_JOB_ID"
    # Slurm ends this task now; without the sleep it might end by itself first, as failed.
    sleep 60
fi
exit "$code"
