#!/bin/sh
# Assembles the pages in a folder for Vercel: sh deploy/vercel/site.sh FOLDER https://api.example.org
set -eu
cd "$(dirname "$0")/../.."
FOLDER=$1 API=$2

mkdir -p "$FOLDER"
cp -r web "$FOLDER/static"
rm -rf "$FOLDER/static/node_modules"
cp web/*.html "$FOLDER/"
sed "s#https://api.kinelog.example.org#$API#" deploy/vercel/vercel.json >"$FOLDER/vercel.json"
