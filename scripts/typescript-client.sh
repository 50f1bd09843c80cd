#!/bin/sh
# Generates the TypeScript client, with Zod schemas, from api/openapi.json, and packs it for npm in a folder: dist by default.
set -eu

SOURCE=tools/typescript_client
BUILD=${1:-dist}/typescript-client
export PATH="$PWD/.venv/bin:$PATH"

rm -rf "$BUILD"
mkdir -p "$BUILD"
cp LICENSE api/openapi.json "$SOURCE"/* "$BUILD"
npm ci --prefix "$BUILD" --ignore-scripts --no-audit --no-fund --loglevel=error
npm run --silent --prefix "$BUILD" build
(cd "$BUILD" && npm pack --silent --pack-destination ..)
