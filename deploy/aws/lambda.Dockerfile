# The API's image for AWS Lambda: the Lambda Web Adapter passes each event on as an HTTP request.
# docker build --file deploy/aws/lambda.Dockerfile --build-arg API=ghcr.io/example/kinelog-api:0.1.0 .
ARG API=ghcr.io/example/kinelog-api:0.1.0

FROM public.ecr.aws/awsguru/aws-lambda-adapter:1.0.0@sha256:b4da35991627bdac98a81c377d0cc28e6989687359576dfda9f0b64be835d648 AS adapter

FROM ${API}
COPY --from=adapter /lambda-adapter /opt/extensions/lambda-adapter
# Functions can write in /tmp only.
ENV AWS_LWA_PORT=8765 \
    AWS_LWA_READINESS_CHECK_PATH=/healthz \
    AWS_LWA_INVOKE_MODE=response_stream \
    KINELOG_HOME=/tmp/kinelog \
    KINELOG_HOST=127.0.0.1
CMD ["serve"]
