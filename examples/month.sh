#!/bin/sh
# One month, from raw exports to what the campaign did:
# demo data -> clean -> segment -> audience -> the orders of the next month -> measure.
#
#   examples/month.sh [FOLDER]
#
#   ROWS     customer records to make         (default: 3000)
#   CUSTSEG  the command                      (default: custseg)
#
# The exports are invented, and no message was ever sent: whatever the last report shows of an
# effect is chance, and its interval should say so.
set -eu
umask 077

WORK=${1:-custseg-month}
ROWS=${ROWS:-3000}
CUSTSEG=${CUSTSEG:-custseg}
EXPORTS=$WORK/demo/japanese/exports

# The lines of $1 up to (-) or from (+) a day, dates as 2025/12/01 or 2025-12-01 in column 3.
part() {
    awk -F, -v side="$2" -v day="$3" '
        { date = $3; gsub("-", "/", date) }
        NR == 1 || (side == "-" && date < day) || (side == "+" && date >= day)' "$1"
}

mkdir -p "$WORK"
"$CUSTSEG" demo "$WORK/demo" --rows "$ROWS" --kind japanese --quiet
part "$EXPORTS/orders.csv" - 2025/12/01 > "$WORK/orders-until-november.csv"
part "$EXPORTS/orders.csv" + 2025/12/01 > "$WORK/orders-december.csv"

# 1. Who are our customers?
"$CUSTSEG" clean "$EXPORTS/store_members.csv" "$EXPORTS/web_members.csv" -o "$WORK/run"

# 2. Which kinds of customers are there?
"$CUSTSEG" segment --customers "$WORK/run" --orders "$WORK/orders-until-november.csv" \
    --as-of 2025-12-01 -o "$WORK/seg"

# 3. Who gets the December mail? Customers with consent; a fifth of them is held out by chance.
(umask 077; printf 'an example: make your own secret' > "$WORK/audience.key")
"$CUSTSEG" audience make --customers "$WORK/run" --segments "$WORK/seg" \
    --list "loyal=segment in ('champions', 'loyal', 'potential_loyalists')" \
    --list "asleep=days_since(last_order) > 180" \
    --platform mailchimp --platform hubspot --priority --as-of 2025-11-30 \
    --campaign december --holdout 0.2 --key "$WORK/audience.key" \
    --base "$WORK/base.duckdb" -o "$WORK/audience"
"$CUSTSEG" audience check "$WORK/audience/lists/loyal/mailchimp/full.csv" --platform mailchimp

# 4. Did it do anything? The orders of December tell.
"$CUSTSEG" measure campaign "$WORK/audience" --customers "$WORK/run" \
    --orders "$WORK/orders-december.csv" --cost 30000 --margin 0.35 -o "$WORK/effect"
