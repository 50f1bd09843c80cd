# Pose detection for a SageMaker endpoint: /ping and /invocations on port 8080.
# docker build --file deploy/aws/sagemaker.Dockerfile --build-arg POSE=ghcr.io/example/kinelog-pose:0.1.0 .
ARG POSE=ghcr.io/example/kinelog-pose:0.1.0

FROM ${POSE}
# SageMaker expects root, and adds the argument `serve`, which the shell does not pass on.
USER root
ENV KINELOG_HOME=/tmp/kinelog
EXPOSE 8080
ENTRYPOINT ["sh", "-c", "exec kinelog worker inference --host 0.0.0.0 --port 8080"]
