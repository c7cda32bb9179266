# Poison Control as a container: one process, not root, and nothing in it that has to be written but /data.
FROM node:24.21.0-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The `node` package among the development dependencies is for checkouts; here the image has Node itself.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24.21.0-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json package-lock.json LICENSE ./
COPY commands ./commands
COPY src ./src
# Compiled once, here: at its start the bot may write nowhere. By the user that it will run as, for Node keeps what it compiled for
# each user apart, and then no longer theirs to change.
RUN install -d -o node -g node .compiled \
  && setpriv --reuid=node --regid=node --init-groups node -e "require('node:module').enableCompileCache('/app/.compiled'); Promise.all(['config', 'app', 'store/postgres/backend'].map((name) => import('/app/src/' + name + '.ts'))).then(() => process.exit(0))" \
  && chown -R root:root .compiled && chmod -R a+rX .compiled
# The store of a single bot; with PostgreSQL it stays empty.
RUN install -d -o node -g node /data
USER node
ENV DATABASE_URL=sqlite:/data/poison-control.sqlite \
    POISON_CONTROL_CONFIG=/config/poison-control.yml \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=3000
EXPOSE 3000
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The process itself hears SIGTERM: no shell, no npm in between.
CMD ["node", "--max-semi-space-size=8", "src/main.ts"]
