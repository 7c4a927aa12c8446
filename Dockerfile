# The bot as an image: sources and production packages, nothing that builds. Node 24 runs TypeScript as it stands.

# Generates the Prisma client. Install scripts stay off: the only one that is needed fetches a Node, which is here already.
FROM node:24-bookworm-slim AS generated
WORKDIR /app
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
RUN npm ci --ignore-scripts && node prisma/generate.mjs

# The packages of a running bot. npm brings Prisma's command line along, as a peer of its client; the last lines take out
# the large parts of it, which a running bot never loads.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts
RUN cd node_modules && rm -rf prisma typescript effect elkjs react-dom remeda @typescript @electric-sql @types @visx \
  @prisma/dev @prisma/engines @prisma/fetch-engine @prisma/query-plan-executor @prisma/streams-local @prisma/studio-core \
  && rm -rf better-sqlite3/deps @prisma/client/runtime/*postgresql* @prisma/client/runtime/*mysql* \
  @prisma/client/runtime/*sqlserver* @prisma/client/runtime/*cockroachdb*

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATABASE_URL=file:/data/margin-bot.db HTTP_PORT=8790
WORKDIR /app
RUN mkdir /data && chown node:node /data && chmod 700 /data
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules node_modules
COPY prisma/migrations prisma/migrations
COPY src src
COPY --from=generated /app/src/store/generated src/store/generated
USER node
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts", "start"]
