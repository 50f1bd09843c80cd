#!/bin/bash
# Like the image apache/kafka: KAFKA_NODE_ID becomes node.id, and new storage is formatted.
set -eu
PROPERTIES=/etc/kafka/server.properties

settings() {
    env | grep '^KAFKA_' | grep -v -e '^KAFKA_HEAP_OPTS=' | while IFS='=' read -r name value; do
        name=${name#KAFKA_}
        name=${name,,}
        echo "${name//_/.}=$value"
    done
}

jvm() { exec java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC -cp '/opt/kafka/libs/*' "$@"; }

settings >"$PROPERTIES"
(jvm kafka.tools.StorageTool format --ignore-formatted --cluster-id="${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}" --config "$PROPERTIES")
jvm kafka.Kafka "$PROPERTIES"
