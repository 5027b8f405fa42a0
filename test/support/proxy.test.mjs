import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import * as faults from './proxy.mjs';

let served, server, proxy;
before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    served.push(body);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'ok', got: body }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await faults.startProxy(`http://127.0.0.1:${server.address().port}`);
});
beforeEach(() => { served = []; proxy.calm(); });
after(async () => { await proxy.stop(); server.closeAllConnections(); server.close(); });

const post = (body = 'hello', path = '/rpc/push') => fetch(proxy.url + path, { method: 'POST', body });

test('passes requests and replies through, and counts them', async () => {
  assert.deepEqual(await (await post()).json(), { status: 'ok', got: 'hello' });
  assert.equal(proxy.count('/rpc/push'), 1);
  assert.equal(proxy.bytes(), 'hello'.length + '{"status":"ok","got":"hello"}'.length);
});

test('cutReply: the server did it, the client does not know; the next request is well', async () => {
  proxy.next('/rpc/push', faults.cutReply());
  await assert.rejects(post());
  assert.deepEqual(served, ['hello']);
  assert.equal((await post()).status, 200);
});

test('cutRequest: the server never saw it', async () => {
  proxy.next('/rpc/push', faults.cutRequest());
  await assert.rejects(post());
  assert.deepEqual(served, []);
});

test('truncateReply', async () => {
  proxy.next('/rpc/push', faults.truncateReply());
  const reply = await post();
  assert.equal(reply.status, 200);
  await assert.rejects(reply.text());
});

test('html, garbage, oversized, another status, another content', async () => {
  proxy.next('/rpc/push', faults.html());
  assert.match(await (await post()).text(), /doctype/);
  proxy.next('/rpc/push', faults.garbage());
  await assert.rejects((await post()).json());
  proxy.next('/rpc/push', faults.oversized(1_000_000));
  assert.ok((await (await post()).text()).length > 1_000_000);
  assert.deepEqual(served, []);
  proxy.next('/rpc/push', faults.withStatus(503));
  assert.equal((await post()).status, 503);
  proxy.next('/rpc/push', faults.changed((reply) => { reply.got = 'other'; }));
  assert.equal((await (await post()).json()).got, 'other');
});

test('a fault meets only what it is for, and as often as it is for', async () => {
  proxy.next('/rpc/pull', faults.answer(500, '{}'));
  assert.equal((await post()).status, 200);
  assert.equal((await post('', '/rpc/pull')).status, 500);
  assert.equal((await post('', '/rpc/pull')).status, 200);
  proxy.always('/rpc/pull', faults.answer(429, '{}'));
  assert.equal((await post('', '/rpc/pull')).status, 429);
  assert.equal((await post('', '/rpc/pull')).status, 429);
});

test('a gate holds the request until it opens', async () => {
  const gate = faults.gate();
  proxy.next('/rpc/push', gate.hold);
  const reply = post();
  await gate.reached;
  assert.deepEqual(served, []);
  gate.open();
  assert.equal((await reply).status, 200);
});

test('beforeForward acts before the server sees the request', async () => {
  proxy.next('/rpc/push', faults.beforeForward(() => { served.push('somebody else'); }));
  await post();
  assert.deepEqual(served, ['somebody else', 'hello']);
});

test('down refuses connections; up takes them on the same port', async () => {
  await proxy.down();
  await assert.rejects(post());
  await assert.rejects(post(), (error) => error.cause.code === 'ECONNREFUSED');
  await proxy.up();
  assert.equal((await post()).status, 200);
});
