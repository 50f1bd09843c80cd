#!/bin/sh
# Generates the Python client from api/openapi.json and api/schema.graphql, and builds its wheel in a folder: dist by default.
# The generators have an environment of their own, because they need older versions of libraries than Kinelog.
set -eu

SOURCE=tools/python_client
BUILD=${1:-dist}/python-client
export UV_PROJECT_ENVIRONMENT="$PWD/.tools/python-client"

.tools/bin/uv sync --quiet --frozen --project "$SOURCE" --group generate --python .venv/bin/python
PATH="$UV_PROJECT_ENVIRONMENT/bin:$PATH"

rm -rf "$BUILD"
mkdir -p "$BUILD"
cp LICENSE api/schema.graphql "$SOURCE/pyproject.toml" "$SOURCE/README.md" "$SOURCE/queries.graphql" "$BUILD"
openapi-python-client generate --path api/openapi.json --meta none --output-path "$BUILD/kinelog_client" \
    --config "$SOURCE/openapi.yaml"
touch "$BUILD/kinelog_client/py.typed"
(cd "$BUILD" && ariadne-codegen client)
.tools/bin/uv build --quiet --wheel --no-build-isolation --python "$UV_PROJECT_ENVIRONMENT/bin/python" \
    --out-dir "${1:-dist}" "$BUILD"
