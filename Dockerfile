# One file for every process: docker build --build-arg SERVICE=services/ingress .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
ARG PNPM=pnpm@10.34.9
WORKDIR /src
# Only the lockfile and the workspace file: this layer is reused until a dependency changes.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx --yes ${PNPM} fetch
COPY . .
RUN npx --yes ${PNPM} install --frozen-lockfile --offline
ARG SERVICE
RUN npx --no-install tsc -b "${SERVICE}" \
 && npx --yes ${PNPM} --filter "./${SERVICE}" deploy --prod --offline /out

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out .
# A volume that is mounted here belongs to the user as well.
RUN mkdir /var/lib/wecom-gateway && chown node:node /var/lib/wecom-gateway
USER node
CMD ["node", "--enable-source-maps", "dist/main.js"]
