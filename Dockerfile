# The image of one server, over HTTP or stdio, out of what `node scripts/images.mjs` wrote (docs/containers.md):
#   docker build --build-arg SERVER=orders --tag orders .
#   docker build --build-arg SERVER=orders --target stdio --tag orders:stdio .
# Nothing but the two images below is pulled; the classic builder and BuildKit both build it.
ARG BUILD_IMAGE=node:24-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian13:nonroot

FROM ${BUILD_IMAGE} AS node

# The same modes and times whoever builds it, and whenever.
FROM node AS files
ARG SERVER
ARG SOURCE_DATE_EPOCH=0
COPY images/${SERVER} /files/app
RUN chmod -R u=rwX,go=rX /files && find /files -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH}" {} +
# by which the classic builder's leftovers are found: docker image prune --filter label=mortise.stage
LABEL mortise.stage=files

FROM ${RUNTIME_IMAGE} AS stdio
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=files /files /
ENV NODE_ENV=production
WORKDIR /app
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/cli.js"]
ARG SERVER
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="${SERVER}" \
  org.opencontainers.image.source="https://github.com/mortise/mortise" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"

FROM stdio AS http
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
# starting a process takes seconds on a busy machine
HEALTHCHECK --interval=15s --timeout=20s --start-period=60s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/dist/cli.js", "health"]
CMD ["--http"]
