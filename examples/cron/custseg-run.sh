#!/bin/sh
# Runs `custseg run` from cron or a timer: one at a time, with a heartbeat, quiet when all is well.
#
#   custseg-run.sh /srv/shop/custseg.toml
#
# What it writes stands beside the config, in custseg-cron/:
#   run.log      a line a run, and what custseg said (JSON lines) where it said something
#   heartbeat    when the last run ended, its exit code, and when the last good one ended;
#                written after every run, so that a monitor that finds it old knows more than
#                a monitor that finds it red
#
# Exit codes are those of custseg. Whatever is not 0 is also said on standard error, so that
# cron sends a mail.
#
#   CUSTSEG   the command                                  (default: custseg)
#   TRIES     how often to try where a limit was reached   (default: 2)
#   PAUSE     seconds between tries                        (default: 60)
#   ON_END    a command told "CODE CONFIG" after each run  (default: none)
set -u
umask 077

CONFIG=${1:?usage: custseg-run.sh CONFIG}
CUSTSEG=${CUSTSEG:-custseg}
TRIES=${TRIES:-2}
PAUSE=${PAUSE:-60}
ON_END=${ON_END:-}

PLACE=$(dirname "$CONFIG")/custseg-cron
mkdir -p "$PLACE" || exit 3
LOCK=$PLACE/running

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# One at a time, without flock: a link is made, and says whose it is, in one step, or not at all. A
# lock whose process is gone (a power cut) is taken over. custseg holds a lock of its own as well;
# this one keeps the heartbeat and the tries apart.
take_lock() {
    ln -s "$$" "$LOCK" 2>/dev/null && return 0
    holder=$(readlink "$LOCK") || return 1
    kill -0 "$holder" 2>/dev/null && return 1
    # Moved away first: of two that find it stale one alone moves it. What the other then moves is
    # the lock of the first, and goes back.
    mv "$LOCK" "$LOCK.stale.$$" 2>/dev/null || return 1
    if [ "$(readlink "$LOCK.stale.$$")" != "$holder" ]; then
        mv "$LOCK.stale.$$" "$LOCK"
        return 1
    fi
    rm -f "$LOCK.stale.$$"
    ln -s "$$" "$LOCK" 2>/dev/null
}

if ! take_lock; then
    echo "custseg-run: another run of $CONFIG is at work" >&2
    exit 5
fi
trap 'rm -f "$LOCK"' EXIT
trap 'exit 143' INT TERM
# What a run that was killed left is not of this one.
rm -f "$PLACE/said.new" "$PLACE/report.txt.new"

try=1
while :; do
    "$CUSTSEG" run "$CONFIG" --log-format json >>"$PLACE/report.txt.new" 2>>"$PLACE/said.new"
    code=$?
    # 4: a limit was reached. Memory or disk may be there again in a minute.
    [ "$code" -eq 4 ] && [ "$try" -lt "$TRIES" ] || break
    try=$((try + 1))
    sleep "$PAUSE"
done

case $code in
    0) word="done" ;;
    1) word="not published: a gate did not hold" ;;
    2) word="the config or the command is wrong" ;;
    3) word="an export is missing or cannot be used" ;;
    4) word="a limit: not enough memory or disk, or a list too small for its platform" ;;
    5) word="another custseg run is at work" ;;
    *) word="a fault in custseg" ;;
esac

{
    echo "$(now) exit=$code $word"
    [ "$code" -eq 0 ] || cat "$PLACE/said.new"
} >>"$PLACE/run.log"

good=$(sed -n 's/^last_good=//p' "$PLACE/heartbeat" 2>/dev/null)
[ "$code" -eq 0 ] && good=$(now)
printf 'ended=%s\nexit=%s\nlast_good=%s\n' "$(now)" "$code" "$good" >"$PLACE/heartbeat.new"
mv "$PLACE/heartbeat.new" "$PLACE/heartbeat"

if [ "$code" -ne 0 ]; then
    echo "custseg-run: $CONFIG: $word (exit $code), see $PLACE/run.log" >&2
    cat "$PLACE/report.txt.new" >&2
fi
rm -f "$PLACE/said.new" "$PLACE/report.txt.new"
[ -z "$ON_END" ] || "$ON_END" "$code" "$CONFIG"
exit "$code"
