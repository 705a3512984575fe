# Localfax with everything in it: docker build -t localfax . && docker run -p 127.0.0.1:8329:8329 localfax
FROM python:3.13-slim AS build
WORKDIR /source
COPY scripts/locks scripts/locks
RUN pip install --no-cache-dir --require-hashes --requirement scripts/locks/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY emulator emulator
COPY clients/python clients/python
COPY scenarios scenarios
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.13-slim
RUN --mount=type=bind,source=scripts/locks,target=/locks \
    --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --require-hashes --requirement /locks/run.txt \
    && pip install --no-cache-dir --no-deps /wheels/*.whl \
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
