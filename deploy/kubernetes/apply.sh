#!/bin/sh
# Deploys a version to kubectl's current cluster: sh deploy/kubernetes/apply.sh OVERLAY REGISTRY TAG. Needs kubectl and
# kustomize. The database is upgraded first; the running version works with the newer database.
set -eu
cd "$(dirname "$0")"
OVERLAY=$1 REGISTRY=$2 TAG=$3
BUILT=$(mktemp -d)
trap 'rm -rf "$BUILT"' EXIT

cp -r base components overlays "$BUILT"
(
    cd "$BUILT/overlays/$OVERLAY"
    for role in $(sed -n 's/^FROM kinelog AS //p' "$OLDPWD/../../Dockerfile"); do
        kustomize edit set image "kinelog-$role=$REGISTRY/kinelog-$role:$TAG"
    done
    kustomize build . >"$BUILT/all.yaml"
)
kubectl apply --filename base/namespace.yaml
kubectl --namespace kinelog delete job set-up --ignore-not-found
kubectl apply --filename "$BUILT/all.yaml" --selector kinelog/phase=set-up
kubectl --namespace kinelog wait job/set-up --for condition=complete --timeout 30m
kubectl apply --filename "$BUILT/all.yaml"
for deployment in $(kubectl --namespace kinelog get deployments --output name); do
    kubectl --namespace kinelog rollout status "$deployment" --timeout 15m
done
