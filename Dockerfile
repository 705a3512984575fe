# Localfax with everything in it: docker build -t localfax . && docker run -p 127.0.0.1:8329:8329 localfax
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY emulator emulator
COPY scenarios scenarios
RUN pip wheel --no-cache-dir --wheel-dir /wheels '.[redis]'

FROM python:3.13-slim
# What is installed is what the first stage built, so there is no version to be named.
# hadolint ignore=DL3013
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels 'localfax[redis]' \
    && useradd --create-home --uid 1000 localfax
USER 1000
WORKDIR /home/localfax
# Inside, all addresses: what is published decides who comes in.
ENV LOCALFAX_HOST=0.0.0.0
EXPOSE 8329
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["localfax", "ready", "--timeout", "2"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["localfax"]
CMD ["serve"]
