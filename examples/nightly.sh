#!/bin/sh
# Clean last night's exports, segment the customers, and say how it went.
#
#   15 2 * * *  EXPORTS=/srv/exports WORK=/srv/custseg /srv/custseg/nightly.sh
#
# Cron mails what this prints: one line when all is well, and the reports with it. The log
# keeps one line a night and, beside it, the JSON log of every command.
#
#   EXPORTS    folder with the exports                          (default: .)
#   WORK       folder for runs and logs                         (default: ./custseg-nightly)
#   CUSTOMERS  glob of customer files, inside EXPORTS           (default: *_members.csv)
#   ORDERS     glob of order files, inside EXPORTS              (default: orders*.csv)
#   CUSTSEG    the command                                      (default: custseg)
#   NIGHT      name of the night                                (default: today's date)
set -u
umask 077

EXPORTS=${EXPORTS:-.}
WORK=${WORK:-custseg-nightly}
CUSTOMERS=${CUSTOMERS:-*_members.csv}
ORDERS=${ORDERS:-orders*.csv}
CUSTSEG=${CUSTSEG:-custseg}
NIGHT=${NIGHT:-$(date +%Y-%m-%d)}

mkdir -p "$WORK/logs" || exit 3
LOG=$WORK/logs/$NIGHT.jsonl
STATUS=0

# One line for the log and for the mail.
say() {
    printf '%s %s\n' "$NIGHT" "$*" | tee -a "$WORK/nightly.log"
}

# Stop for tonight. What the last good night made stays in place.
stop() {
    code=$1
    shift
    say "FAILED ($code): $*"
    exit "$code"
}

# Run one command; decide by its exit code what to do about it.
step() {
    name=$1
    shift
    "$CUSTSEG" "$@" --log-format json 2>>"$LOG"
    code=$?
    if [ "$code" -eq 4 ]; then
        # A limit was reached. One thread needs the least memory: try once more.
        say "$name: a limit was reached, trying again with one thread"
        "$CUSTSEG" "$@" --threads 1 --log-format json 2>>"$LOG"
        code=$?
    fi
    case $code in
        0) ;;
        1) say "$name: done, but a gate failed; look before you use the lists" && STATUS=1 ;;
        2) stop 2 "$name: the command or custseg.toml is wrong, see $LOG" ;;
        3) stop 3 "$name: an export cannot be used, ask who delivers it, see $LOG" ;;
        4) stop 4 "$name: not enough memory or disk, see $LOG" ;;
        5) say "$name: another run is still at work, nothing done" && exit 0 ;;
        *) stop "$code" "$name: a fault in custseg, please report it with $LOG" ;;
    esac
}

CLEAN=$WORK/clean-$NIGHT
SEGMENTS=$WORK/segments-$NIGHT

# Customers keep their ids from night to night.
set --
[ -e "$WORK/latest-clean" ] && set -- --previous "$WORK/latest-clean"
step clean clean "$EXPORTS/$CUSTOMERS" -o "$CLEAN" --force \
    --fail-on 'quarantined>5%' "$@"
step segment segment --customers "$CLEAN" --orders "$EXPORTS/$ORDERS" -o "$SEGMENTS" --force

# Only a night that went well becomes the one that others read. (GNU and BSD ln alike.)
if [ "$STATUS" -eq 0 ]; then
    ln -sfn "clean-$NIGHT" "$WORK/latest-clean"
    ln -sfn "segments-$NIGHT" "$WORK/latest-segments"
fi
say "done: the lists are in $SEGMENTS/segments"
exit "$STATUS"
