#!/bin/sh
# Assembles the pages in a folder for Vercel, which compresses them: sh deploy/vercel/site.sh FOLDER https://api.example.org
# Needs `make setup`.
set -eu
cd "$(dirname "$0")/../.."
FOLDER=$1 API=$2

.venv/bin/python -m bootstrap.pages
mkdir -p "$FOLDER/static"
cp build/pages/*.html build/pages/manifest.webmanifest build/pages/service-worker.js "$FOLDER/"
cp -r build/pages/assets "$FOLDER/static/"
find "$FOLDER" -name '*.br' -delete -o -name '*.gz' -delete
sed "s#https://api.kinelog.example.org#$API#" deploy/vercel/vercel.json >"$FOLDER/vercel.json"
