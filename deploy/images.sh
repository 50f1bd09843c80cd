#!/bin/sh
# Builds an image for each role and pushes it: sh deploy/images.sh REGISTRY TAG. All have the same layers, so the second
# takes a second. Without REGISTRY they stay here, as kinelog-<role>:TAG.
set -eu
cd "$(dirname "$0")/.."
REGISTRY=${1-}
TAG=${2:-0.1.0}

for role in $(sed -n 's/^FROM kinelog AS //p' Dockerfile); do
    image="${REGISTRY:+$REGISTRY/}kinelog-$role:$TAG"
    docker build --quiet --target "$role" --tag "$image" . >/dev/null
    [ -z "$REGISTRY" ] || docker push --quiet "$image"
    echo "kinelog: $image"
done
