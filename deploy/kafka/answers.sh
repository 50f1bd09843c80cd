#!/bin/bash
# Health check: whether Kafka replies in its own protocol. In plain Bash, because Kafka's tools start a JVM each time.
#
# ApiVersions (18), version 0, correlation id 1, no client id: https://kafka.apache.org/protocol#The_Messages_ApiVersions
# The reply begins with its size, the correlation id, and an error code, 0 for none.
set -eu
exec 3<>/dev/tcp/127.0.0.1/9092
printf '\x00\x00\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x01\xff\xff' >&3
answer=$(head -c 10 <&3 | od -An -v -tx1 | tr -d ' \n')
[ "${answer:8}" = 000000010000 ]
