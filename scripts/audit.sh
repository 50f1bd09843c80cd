#!/bin/sh
# Asks public registers which of the packages in the lock files are known to be vulnerable.
# Ends with 0 if none is, with 1 if some are, and with 2 if a register could not be asked.
set -eu

ROOT=$PWD
known=0 unasked=0

told=$(mktemp)
trap 'rm -f "$told"' EXIT

echo "kinelog: asking osv.dev about the packages of uv.lock"
asked=0
.tools/bin/uv audit --frozen --preview-features audit-command ${OSV_URL:+--service-url "$OSV_URL"} || asked=$?
case $asked in
    0) ;;
    1) known=1 ;;
    *) unasked=1 && echo "kinelog: osv.dev could not be asked, so nothing is known of the packages of uv.lock." >&2 ;;
esac

for folder in web tests/peers/oidc; do
    echo "kinelog: asking npm's registry about the packages of $folder/package-lock.json"
    if (cd "$folder" && PATH="$ROOT/.venv/bin:$PATH" npm audit --package-lock-only --json) >"$told" 2>/dev/null; then
        echo "Found no known vulnerabilities"
    elif grep -q '"auditReportVersion"' "$told"; then
        known=1
        (cd "$folder" && PATH="$ROOT/.venv/bin:$PATH" npm audit --package-lock-only) || true
    else
        unasked=1
        echo "kinelog: npm's registry could not be asked, so nothing is known of the packages of $folder/package-lock.json." >&2
    fi
done

[ $known = 0 ] || exit 1
[ $unasked = 0 ] || exit 2
