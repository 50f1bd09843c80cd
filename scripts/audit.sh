#!/bin/sh
# Checks the packages of the lock files for known vulnerabilities, in public registries.
# Exits with 0 if there are none, 1 if there are some, and 2 if a registry was unavailable.
set -eu

ROOT=$PWD
vulnerable=0 unchecked=0

report=$(mktemp)
trap 'rm -f "$report"' EXIT

for folder in . tools/python_client; do
    lock=${folder#.}; lock=${lock:+$lock/}uv.lock
    echo "kinelog: checking the packages of $lock at osv.dev"
    status=0
    (cd "$folder" && "$ROOT/.tools/bin/uv" audit --frozen --preview-features audit-command \
        ${OSV_URL:+--service-url "$OSV_URL"}) || status=$?
    case $status in
        0) ;;
        1) vulnerable=1 ;;
        *) unchecked=1 && echo "kinelog: osv.dev is unavailable; the packages of $lock were not checked." >&2 ;;
    esac
done

for folder in web tests/peers/oidc tools/typescript_client; do
    echo "kinelog: checking the packages of $folder/package-lock.json at npm's registry"
    if (cd "$folder" && PATH="$ROOT/.venv/bin:$PATH" npm audit --package-lock-only --json) >"$report" 2>/dev/null; then
        echo "Found no known vulnerabilities"
    elif grep -q '"auditReportVersion"' "$report"; then
        vulnerable=1
        (cd "$folder" && PATH="$ROOT/.venv/bin:$PATH" npm audit --package-lock-only) || true
    else
        unchecked=1
        echo "kinelog: npm's registry is unavailable; the packages of $folder/package-lock.json were not checked." >&2
    fi
done

[ $vulnerable = 0 ] || exit 1
[ $unchecked = 0 ] || exit 2
