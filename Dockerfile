# syntax=docker/dockerfile:1
# One image, one binary. Built by the same command as everywhere: make build.
# Whoever wants the very same bytes gives digests: --build-arg RUST_IMAGE=rust@sha256:...
ARG NODE_IMAGE=node:20.19-bookworm-slim
ARG RUST_IMAGE=rust:1.95-bookworm
ARG BASE_IMAGE=debian:12.12-slim
FROM ${NODE_IMAGE} AS node

FROM ${RUST_IMAGE} AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache/parallax \
    --mount=type=cache,target=/usr/local/cargo/registry \
    make build

FROM ${BASE_IMAGE}
# The certificates by which the providers are recognised.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home parallax \
 && install -d -o parallax -g parallax -m 700 /data
COPY --from=build /src/build/parallax /usr/local/bin/parallax
COPY LICENSE /usr/share/doc/parallax/LICENSE
USER parallax
# Platforms give a PORT of their own; with it the host listens on all addresses.
ENV PARALLAX_DATA_DIR=/data \
    PORT=3000 \
    ENVIRONMENT=production
VOLUME /data
EXPOSE 3000
# The image has bash, but no HTTP client.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /api/llm-monitoring/health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
# Brings the tables up to date, then serves.
ENTRYPOINT ["parallax"]
CMD ["serve"]
