#!/bin/sh
# Builds and pushes an image for each role: sh deploy/images.sh REGISTRY TAG. All share their layers, so only the first
# takes long. Without REGISTRY the images stay local, as kinelog-<role>:TAG. BASE replaces the base of the Dockerfile.
set -eu
cd "$(dirname "$0")/.."
REGISTRY=${1-}
TAG=${2:-0.1.0}

for role in $(sed -n 's/^FROM kinelog AS //p' Dockerfile); do
    image="${REGISTRY:+$REGISTRY/}kinelog-$role:$TAG"
    docker build --quiet ${BASE:+--build-arg BASE} --target "$role" --tag "$image" . >/dev/null
    [ -z "$REGISTRY" ] || docker push --quiet "$image"
    echo "kinelog: $image"
done
