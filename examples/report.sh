#!/bin/sh
# A page for the board, from invented data: two month ends of a shop, and what changed between.
#
#   examples/report.sh [FOLDER]
#
#   KIND     japanese or english, the exports and the page           (default: japanese)
#   ROWS     customer records to make                                (default: 10000)
#   CUSTSEG  the command                                             (default: custseg)
#
# Makes FOLDER/report.html; beside it desk.png and phone.png where a chromium is installed.
set -eu
umask 077

WORK=${1:-custseg-report}
KIND=${KIND:-japanese}
ROWS=${ROWS:-10000}
CUSTSEG=${CUSTSEG:-custseg}
case $KIND in
    japanese) lang=ja currency=JPY customers='*_members.csv' ;;
    english) lang=en currency=USD customers='crm_*.csv' ;;
    *) echo "KIND is japanese or english" >&2 && exit 2 ;;
esac

mkdir -p "$WORK"
"$CUSTSEG" demo "$WORK/demo" --rows "$ROWS" --kind "$KIND" --quiet --force > /dev/null
EXPORTS=$WORK/demo/$KIND/exports
rm "$EXPORTS/truth.csv"

cat > "$WORK/custseg.toml" << END
[chain]
customers = ["demo/$KIND/exports/$customers"]
orders = ["orders.csv"]

[segment]
currency = "$currency"

[goals]
repeat_rate = 0.25
retention = 0.3

[lists]
best = "segment in ('champions', 'loyal')"
asleep = "days_since(last_order) > 180"

[audience]
platforms = ["mailchimp", "hubspot"]

[output]
lang = "$lang"
END

# The end of September, then the end of December: dates as 2025/09/30 or 2025-09-30 in column 3.
awk -F, '{ date = $3; gsub("-", "/", date) } NR == 1 || date < "2025/10/01"' \
    "$EXPORTS/orders.csv" > "$WORK/orders.csv"
"$CUSTSEG" run "$WORK/custseg.toml" --day 2025-09-30
cp "$EXPORTS/orders.csv" "$WORK/orders.csv"
"$CUSTSEG" run "$WORK/custseg.toml" --day 2025-12-31

cp "$WORK/runs/latest/report.html" "$WORK/report.html"
echo "$WORK/report.html"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || exit 0
here=$(cd "$WORK" && pwd)
picture() {
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$here/.browser" \
        --window-size="$2" --screenshot="$here/$1" "file://$here/report.html" > /dev/null 2>&1
    echo "$WORK/$1"
}
picture desk.png 1280,1600
picture phone.png 500,1600
rm -rf "$here/.browser"
