/**
 * A Realtime server as Supabase's, as far as private broadcast channels go: Phoenix's protocol in its versions 1.0.0 (objects) and
 * 2.0.0 (arrays).
 *
 *   const realtime = openRealtime();
 *   const proxy = await startProxy(lite.url, { upgrade: realtime.upgrade });
 *   realtime.ring(scope, xid);          // what the SQL side's doorbell sends
 *   realtime.cut(); realtime.refuse(404); realtime.accept();
 *   realtime.members(topic)             // who has joined: [{version, token, tokens, joins}]
 *   realtime.expire(topic);             // as when the access tokens have run out
 *
 * `mayJoin(topic, claims)` is what the policies on realtime.messages are on a real one.
 */
import { WebSocketServer } from 'ws';

const TOKEN_EXPIRED = 'Token has expired 1 seconds ago';

export function openRealtime({ mayJoin = () => true } = {}) {
  const server = new WebSocketServer({ noServer: true });
  const connections = new Set();
  const unknown = [];
  let refusal;

  function upgrade(request, socket, head) {
    const url = new URL(request.url, 'http://localhost');
    const status = refusal ?? (url.pathname !== '/realtime/v1/websocket' ? 404 : url.searchParams.get('apikey') ? undefined : 401);
    if (status) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    server.handleUpgrade(request, socket, head, (accepted) => serve(accepted, url.searchParams.get('vsn') ?? '1.0.0'));
  }

  function serve(socket, version) {
    const connection = { socket, version, channels: new Map() };
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => {
      if (!isBinary) receive(connection, decode(version, data.toString()));
    });
  }

  function receive(connection, message) {
    const { topic, event, ref } = message;
    if (topic === 'phoenix' && event === 'heartbeat') {
      connection.heartbeats = (connection.heartbeats ?? 0) + 1;
      reply(connection, message, 'ok', {});
      return;
    }
    const channel = connection.channels.get(topic);
    switch (event) {
      case 'phx_join': return join(connection, message);
      case 'phx_leave':
        connection.channels.delete(topic);
        reply(connection, message, 'ok', {});
        send(connection, { topic, event: 'phx_close', payload: {}, ref, join_ref: message.join_ref });
        return;
      case 'access_token':
        if (!channel) return;
        channel.token = message.payload.access_token;
        channel.tokens.push(channel.token);
        if (!claimsOf(channel.token)) end(connection, topic, 'The token provided is not a valid JWT');
        return;
      case 'broadcast':
        for (const other of connections) {
          if (other.channels.has(topic) && (other !== connection || channel?.config.broadcast?.self)) {
            send(other, { topic, event: 'broadcast', payload: message.payload, ref: null, join_ref: null });
          }
        }
        return;
      default: unknown.push(message);
    }
  }

  function join(connection, message) {
    const { topic, payload, join_ref: joinRef } = message;
    const claims = claimsOf(payload.access_token);
    const config = payload.config ?? {};
    const error = !claims ? 'InvalidJWTToken: The token provided is not a valid JWT'
      : !config.private ? 'PrivateOnly: This project only allows private channels'
        : connection.channels.size >= 100 ? 'ChannelRateLimitReached: Too many channels'
          : mayJoin(topic.replace(/^realtime:/, ''), claims) ? undefined
            : `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`;
    if (error) {
      reply(connection, message, 'error', { reason: error });
      return;
    }
    connection.channels.set(topic, { joinRef, config, token: payload.access_token, tokens: [payload.access_token] });
    reply(connection, message, 'ok', { postgres_changes: [] });
    send(connection, { topic, event: 'presence_state', payload: {}, ref: null, join_ref: joinRef });
    send(connection, {
      topic, event: 'system', ref: null, join_ref: joinRef,
      payload: { status: 'ok', message: 'Subscribed', extension: 'system', channel: topic },
    });
  }

  function end(connection, topic, message) {
    const { joinRef } = connection.channels.get(topic);
    connection.channels.delete(topic);
    send(connection, { topic, event: 'system', payload: { status: 'error', message, extension: 'system' }, ref: null, join_ref: joinRef });
    send(connection, { topic, event: 'phx_close', payload: {}, ref: joinRef, join_ref: joinRef });
  }

  const broadcast = (topic, event, payload) => {
    let heard = 0;
    for (const connection of connections) {
      if (!connection.channels.has(`realtime:${topic}`)) continue;
      heard += 1;
      send(connection, {
        topic: `realtime:${topic}`, event: 'broadcast', ref: null, join_ref: null,
        payload: { type: 'broadcast', event, payload, meta: { id: crypto.randomUUID() } },
      });
    }
    return heard;
  };

  return {
    upgrade, unknown, broadcast,
    /** What the doorbell of the SQL side sends; how many heard it. */
    ring: (scope, xid) => broadcast(`convoy:${scope}`, 'changed', { xid: String(xid) }),
    members: (topic) => [...connections].filter(({ channels }) => channels.has(`realtime:${topic}`))
      .map((connection) => ({ version: connection.version, ...connection.channels.get(`realtime:${topic}`) })),
    expire(topic) {
      for (const connection of connections) {
        if (connection.channels.has(`realtime:${topic}`)) end(connection, `realtime:${topic}`, TOKEN_EXPIRED);
      }
    },
    /** Breaks every connection off. */
    cut() { for (const { socket } of connections) socket.terminate(); },
    /** From now on no connection is opened: this HTTP status instead. */
    refuse(status) { refusal = status; },
    accept() { refusal = undefined; },
    close() { this.cut(); server.close(); },
  };
}

// What the token claims, if it is one and has not run out. Whether it is signed well is the real server's business.
function claimsOf(token) {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    return claims.exp * 1000 > Date.now() ? claims : undefined;
  } catch {
    return undefined;
  }
}

function decode(version, text) {
  const message = JSON.parse(text);
  if (version === '1.0.0') return message;
  const [joinRef, ref, topic, event, payload] = message;
  return { join_ref: joinRef, ref, topic, event, payload };
}

function send({ socket, version }, { topic, event, payload, ref, join_ref: joinRef }) {
  socket.send(JSON.stringify(version === '1.0.0' ? { topic, event, payload, ref, join_ref: joinRef } : [joinRef, ref, topic, event, payload]));
}

const reply = (connection, { topic, ref, join_ref: joinRef }, status, response) =>
  send(connection, { topic, event: 'phx_reply', payload: { status, response }, ref, join_ref: joinRef });
