# Slipway's own image: Node, git and the compiled program. See config/compose.yaml for how it is run.
#
#   docker build --tag slipway .
#
# Where builds have no network, name images of your own: BASE with Node 20 or newer and git; DEPENDENCIES with the same, what
# `npm ci` installs at /app/node_modules and what `npm ci --omit=dev` installs at /runtime/node_modules.
ARG BASE=node:26-bookworm-slim
ARG DEPENDENCIES=npm

FROM ${BASE} AS npm
WORKDIR /runtime
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM ${DEPENDENCIES} AS build
WORKDIR /app
COPY package.json .npmrc tsconfig.json tsconfig.build.json ./
COPY src src
COPY ui ui
RUN npm run build

FROM ${BASE} AS runtime
# Slim images of Node come without git, and without ssh for clones over it; a base that has git is taken as it is.
RUN command -v git >/dev/null \
 || { apt-get update && apt-get install --yes --no-install-recommends git ca-certificates openssh-client && rm -rf /var/lib/apt/lists/*; }
# Uid 1000 is `node` in the official images. It needs the group of the engine's socket: `group_add` in config/compose.yaml. The data is its
# own; the program belongs to root, so that the server cannot change it. It writes below /slipway/data and /tmp only: `--read-only` works.
RUN mkdir -p /slipway/data && chown 1000:1000 /slipway/data && chmod 700 /slipway/data
ENV NODE_ENV=production HOME=/slipway/data HEALTH_URL=http://127.0.0.1:8080/healthz
WORKDIR /app
COPY package.json ./
COPY --from=build /runtime/node_modules node_modules
COPY --from=build /app/dist dist
LABEL org.opencontainers.image.title="slipway" \
      org.opencontainers.image.description="Hears that source or packaging changed, decides which images that touches, builds, tags and pushes them, and can say why." \
      org.opencontainers.image.licenses="MIT"
USER 1000:1000
VOLUME /slipway/data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["serve", "--config", "/slipway/config/slipway.yaml"]
