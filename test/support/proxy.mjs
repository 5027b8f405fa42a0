/**
 * An HTTP proxy on loopback that loses, delays and spoils what passes through it, when a test says so.
 *
 *   const proxy = await startProxy(lite.url);
 *   proxy.next('/rpc/convoy_push', cutReply());          // the next such request is done by the server; its reply never comes
 *   const gate = gate(); proxy.next('/rpc/convoy_pull', gate.hold); … gate.open();
 *   await proxy.down(); … await proxy.up();              // refuses connections
 *   proxy.count('/rpc/convoy_pull'), proxy.requests
 *
 * Requests to change to another protocol go to `upgrade(request, socket, head)`, if it is given; else they are like any other.
 *
 * A fault is `async (exchange) => void`. It may look at `exchange.request` {method, path, headers, body}, call
 * `await exchange.forward()` to let the server do the request and get its reply {status, headers, body}, and end with
 * `exchange.reply({status, headers, body})` or `exchange.cut()`. If it does neither, the server's reply goes through.
 */
import { createServer, request as httpRequest } from 'node:http';

export async function startProxy(target, { upgrade } = {}) {
  const upstream = new URL(target);
  const faults = [];
  const requests = [];
  const sockets = new Set();
  let port = 0;

  async function serve(incoming, outgoing) {
    const body = await read(incoming);
    const request = { method: incoming.method, path: incoming.url, headers: incoming.headers, body };
    const record = { ...request, received: body.length, sent: 0, status: undefined };
    requests.push(record);

    let forwarded, done = false;
    const exchange = {
      request,
      forward: () => (forwarded ??= forward(upstream, request)),
      cut() { done = true; outgoing.destroy(); },
      /** `truncateAt`: promise the whole body, send that many bytes, and drop the connection. */
      reply({ status, headers = {}, body = '' }, { truncateAt } = {}) {
        done = true;
        const bytes = Buffer.from(body);
        record.status = status;
        record.sent = truncateAt ?? bytes.length;
        outgoing.writeHead(status, { ...headers, 'content-length': bytes.length });
        if (truncateAt === undefined) outgoing.end(bytes);
        else outgoing.write(bytes.subarray(0, truncateAt), () => outgoing.destroy());
      },
    };
    const index = faults.findIndex(({ matches }) => matches(request));
    if (index >= 0) {
      const fault = faults[index];
      if (--fault.times === 0) faults.splice(index, 1);
      await fault.act(exchange);
    }
    if (!done) exchange.reply(await exchange.forward());
  }

  let server;
  const listen = () => new Promise((resolve, reject) => {
    server = createServer((incoming, outgoing) => serve(incoming, outgoing).catch(() => outgoing.destroy()));
    if (upgrade) server.on('upgrade', upgrade);
    server.on('connection', (socket) => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); });
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => { ({ port } = server.address()); resolve(); });
  });
  const unlisten = () => new Promise((resolve) => {
    server.close(resolve);
    for (const socket of sockets) socket.destroy();
  });
  await listen();
  const matcher = (where) => typeof where === 'function' ? where : (request) => request.path.includes(where);

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    count: (where = '') => requests.filter(matcher(where)).length,
    bytes: (where = '') => requests.filter(matcher(where)).reduce((sum, one) => sum + one.received + one.sent, 0),
    /** The next `times` requests whose path contains `where` (or that it accepts) meet the fault. */
    next(where, act, { times = 1 } = {}) { faults.push({ matches: matcher(where), act, times }); },
    /** All of them, until `calm`. */
    always(where, act) { this.next(where, act, { times: Infinity }); },
    /** Forgets all faults and counts. */
    calm() { faults.length = 0; requests.length = 0; },
    /** Refuses connections, and drops those that are open. */
    down: unlisten,
    up: listen,
    stop: unlisten,
  };
}

/** Runs `action`, for example a write by somebody else, before the server sees the request. */
export const beforeForward = (action) => async ({ request }) => { await action(request); };

/** The server does the request; its reply is lost. */
export const cutReply = () => async (exchange) => { await exchange.forward(); exchange.cut(); };

/** The request never reaches the server. */
export const cutRequest = () => async (exchange) => exchange.cut();

/** The connection ends in the middle of the reply. */
export const truncateReply = (bytes) => async (exchange) => {
  const reply = await exchange.forward();
  exchange.reply(reply, { truncateAt: bytes ?? reply.body.length >> 1 });
};

/** The server does not see the request; somebody else answers. */
export const answer = (status, body, headers = { 'content-type': 'application/json' }) =>
  async (exchange) => exchange.reply({ status, headers, body });

/** A captive portal or an error page in between: HTML, with a good status. */
export const html = (status = 200) => answer(status, '<!doctype html><title>Welcome</title>', { 'content-type': 'text/html' });

/** Not JSON, though it says so. */
export const garbage = (status = 200) => answer(status, '{"status": "ok", "changes": [{]');

/** A reply of `bytes` bytes. */
export const oversized = (bytes, status = 200) => answer(status, `{"status":"ok","pad":"${'x'.repeat(bytes)}"}`);

/** The server's reply with another status. */
export const withStatus = (status) => async (exchange) => exchange.reply({ ...await exchange.forward(), status });

/** The server's JSON reply, changed by `change`. */
export const changed = (change) => async (exchange) => {
  const reply = await exchange.forward();
  const value = JSON.parse(reply.body);
  exchange.reply({ ...reply, body: JSON.stringify(change(value) ?? value) });
};

/** `hold` is a fault that keeps requests until `open()`; `reached` resolves when the first one waits. */
export function gate() {
  let open, reach;
  const opened = new Promise((resolve) => { open = resolve; });
  const reached = new Promise((resolve) => { reach = resolve; });
  return { open, reached, hold: async () => { reach(); await opened; } };
}

async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

function forward(upstream, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      host: upstream.hostname, port: upstream.port, method, path, agent: false,
      headers: { ...headers, host: upstream.host, connection: 'close', 'content-length': body.length },
    }, async (reply) => {
      const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...kept } = reply.headers;
      read(reply).then((bytes) => resolve({ status: reply.statusCode, headers: kept, body: bytes }), reject);
    });
    outgoing.on('error', reject).end(body);
  });
}
