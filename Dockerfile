# One file for every process: docker build --build-arg SERVICE=services/ingress .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
ARG PNPM=pnpm@10.34.9
# Another registry than npm's own, for those who cannot reach it.
ARG NPM_CONFIG_REGISTRY
WORKDIR /src
# Only the lockfile and the workspace file: this layer is reused until a dependency changes.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx --yes ${PNPM} fetch
COPY . .
# Everything at once, for all services: building several of them repeats none of it.
RUN npx --yes ${PNPM} install --frozen-lockfile --offline \
 && npx --no-install tsc -b

FROM build AS deploy
ARG PNPM=pnpm@10.34.9
ARG NPM_CONFIG_REGISTRY
ARG SERVICE
RUN npx --yes ${PNPM} --filter "./${SERVICE}" deploy --prod --offline /out

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=deploy /out .
# A volume that is mounted here belongs to the user as well.
RUN mkdir /var/lib/wecom-gateway && chown node:node /var/lib/wecom-gateway
USER node
CMD ["node", "--enable-source-maps", "dist/main.js"]
