# Belfry in a container; docs/deploying.md says how to run it.
FROM node:24-bookworm-slim
WORKDIR /opt/belfry
COPY package.json package-lock.json .npmrc ./
COPY console/package.json console/
# The packages bring a Node for machines without one; this image has its own.
RUN npm ci --omit=dev && rm -rf node_modules/node-* node_modules/.bin/node && npm cache clean --force
COPY bin bin
COPY src src
COPY console/dist console/dist
# A first start compiles, and keeps what it compiled: containers are then spared the time and the memory.
RUN timeout 10 node bin/belfry.js serve --port 0 --data-dir /tmp/belfry >/dev/null; rm -r /tmp/belfry
RUN ln -s /opt/belfry/bin/belfry.js /usr/local/bin/belfry && install -d -o node -g node -m 700 /data
USER node
ENV BELFRY_HOST=0.0.0.0 BELFRY_DATA_DIR=/data BELFRY_SHOW_KEYS=off
VOLUME /data
EXPOSE 9000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.BELFRY_PORT || 9000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm before it: SIGTERM reaches the server.
ENTRYPOINT ["node", "/opt/belfry/bin/belfry.js"]
CMD ["serve"]
