#!/usr/bin/env bash
# A Slurm cluster of two nodes on one machine, in a folder of its own, as root: for the test in tests/slurm.rs and for
# trying scenarios/cluster/slurm-submit.sh without a cluster. Debian: apt-get install slurm-wlm munge.
#
#   one-machine.sh start FOLDER    starts munged, slurmctld and two slurmd; prints the line to export
#   one-machine.sh stop FOLDER     ends these, and nothing else
set -euo pipefail

verb=$1
folder=$(realpath -m "$2")
port=${FESR_SLURM_PORT:-17800}

start() {
    mkdir -p "$folder"/{state,spool1,spool2,munge}
    chmod 700 "$folder/munge"
    dd if=/dev/urandom of="$folder/munge/key" bs=128 count=1 status=none
    chmod 400 "$folder/munge/key"
    # A socket's path has at most 107 letters.
    munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
        --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
    cpus=$(nproc)
    # cred_expire: a task that is put in again waits as long (else two minutes).
    cat > "$folder/slurm.conf" <<CONF
ClusterName=fesr
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=2
MinJobAge=3600
ReturnToService=2
SlurmctldPort=$port
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
StateSaveLocation=$folder/state
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmdLogFile=$folder/slurmd-%n.log
SlurmdSpoolDir=$folder/spool-%n
NodeName=one NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=$cpus State=UNKNOWN
NodeName=two NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=$cpus State=UNKNOWN
PartitionName=all Nodes=one,two Default=YES MaxTime=INFINITE State=UP
CONF
    export SLURM_CONF="$folder/slurm.conf"
    slurmctld -c
    slurmd -N one
    slurmd -N two
    for _ in $(seq 100); do
        if [ "$(sinfo --noheader --Node --format=%t 2> /dev/null | grep -c idle)" = 2 ]; then
            echo "export SLURM_CONF=$SLURM_CONF"
            return
        fi
        sleep 0.2
    done
    echo "the nodes did not come up: see $folder/*.log" >&2
    exit 1
}

stop() {
    for pid in "$folder"/slurmd-one.pid "$folder"/slurmd-two.pid "$folder/slurmctld.pid" "$folder/munge/pid"; do
        [ -f "$pid" ] && kill "$(cat "$pid")" 2> /dev/null || true
    done
}

case $verb in
start) start ;;
stop) stop ;;
*) echo "usage: one-machine.sh start|stop FOLDER" >&2; exit 2 ;;
esac
