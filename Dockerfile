# Kinelog: one image per role, all with the same layers (docs/adr/0013): docker build --target pose .
# Without --target, the API is built. Each role's command can be replaced.
#
# Builds with or without BuildKit. The same commit gives the same Python packages (uv.lock) on the
# same base, which is pinned by digest; --build-arg BASE=... is another one.
ARG BASE=debian:12-slim@sha256:60eac759739651111db372c07be67863818726f754804b8707c90979bda511df

# Python 3.11, the system libraries that MediaPipe and OpenCV link against, and libseccomp, which
# confines the processes that decode media.
FROM ${BASE} AS system
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        ca-certificates libegl1 libgl1 libgles2 libglib2.0-0 libseccomp2 python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log

FROM system AS dependencies
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv
WORKDIR /source
# The version of uv is defined in scripts/setup.sh only.
COPY scripts/setup.sh scripts/
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --no-cache-dir --quiet \
        "uv==$(sed -n 's/^UV_VERSION=//p' scripts/setup.sh)"
# Use the system's certificates, because a company may have added its own. Compile bytecode now, because
# the user of the last stage cannot write it.
ENV UV_PROJECT_ENVIRONMENT=/opt/kinelog \
    UV_SYSTEM_CERTS=true \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_CACHE=1
COPY pyproject.toml uv.lock ./
RUN /opt/uv/bin/uv sync --frozen --no-dev --no-install-project --python /usr/bin/python3

# The pages, built by Node.js, which the images do not contain.
FROM dependencies AS pages
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN UV_PROJECT_ENVIRONMENT=/opt/node /opt/uv/bin/uv sync --frozen --only-group web --no-install-project \
        --python /usr/bin/python3
COPY web/package.json web/package-lock.json ./web/
RUN PATH=/opt/node/bin:$PATH npm ci --prefix web --omit=dev --ignore-scripts --no-audit --no-fund
COPY web web
COPY bootstrap/__init__.py bootstrap/pages.py bootstrap/
RUN /opt/node/bin/python -m bootstrap.pages

FROM dependencies AS build
COPY . .
COPY --from=pages /source/build/pages build/pages
RUN /opt/uv/bin/uv build --wheel --python /usr/bin/python3 --out-dir /wheel
# Without the package indexes the build still succeeds, and the first analysis builds the model. Only here
# is there npm, which MoveNet needs.
COPY --from=pages /opt/node /opt/node
RUN mkdir /model \
    && PATH=/opt/node/bin:$PATH NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
        /opt/kinelog/bin/python -m deploy.fetch_pose_model /model

FROM system AS kinelog
RUN useradd --system --uid 10001 --user-group --no-log-init \
        --home-dir /var/lib/kinelog --shell /usr/sbin/nologin kinelog \
    && install -d -o kinelog -g kinelog -m 750 /var/lib/kinelog /var/cache/kinelog
# Rarely changing layers first: a new version of Kinelog adds only the last layers.
COPY --from=dependencies /opt/kinelog /opt/kinelog
COPY --from=build --chown=10001:10001 /model /var/cache/kinelog
COPY --from=build /wheel /opt/wheel
RUN /opt/kinelog/bin/python -m pip install --no-deps --no-index --no-cache-dir --quiet \
        --root-user-action=ignore /opt/wheel/*.whl
ENV PATH=/opt/kinelog/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KINELOG_HOME=/var/lib/kinelog \
    KINELOG_CACHE=/var/cache/kinelog \
    KINELOG_HOST=0.0.0.0 \
    KINELOG_PORT=8765
USER kinelog
WORKDIR /var/lib/kinelog
ENTRYPOINT ["kinelog"]

# Workers listen for metrics only, and live as long as their process.

FROM kinelog AS set-up
CMD ["db", "upgrade"]

FROM kinelog AS projections
CMD ["worker", "projections"]

FROM kinelog AS relay
CMD ["events", "relay"]

FROM kinelog AS pose
CMD ["worker", "pose"]

FROM kinelog AS exercise
CMD ["worker", "exercise"]

FROM kinelog AS coach
CMD ["worker", "coach"]

FROM kinelog AS nlp
CMD ["worker", "nlp"]

FROM kinelog AS rpc
EXPOSE 50051
CMD ["worker", "rpc", "--grpc", "0.0.0.0:50051"]

FROM kinelog AS real-time-analytics
CMD ["worker", "real-time-analytics"]

FROM kinelog AS analytics-events
CMD ["worker", "analytics-events"]

FROM kinelog AS metrics-rollup
CMD ["worker", "metrics-rollup"]

FROM kinelog AS achievements
CMD ["worker", "achievements"]

FROM kinelog AS pose-coach
CMD ["worker", "pose-coach"]

FROM kinelog AS daily
CMD ["worker", "daily"]

FROM kinelog AS analyses
CMD ["worker", "analyses"]

FROM kinelog AS api
EXPOSE 8765
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "from os import environ; from urllib.request import urlopen; urlopen(f\"http://127.0.0.1:{environ['KINELOG_PORT']}/healthz\", timeout=4)"]
CMD ["serve"]
