/** Waiting for conditions, and free ports. Nothing here sleeps a fixed time. */
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `condition` until it answers something truthy, and returns that. A condition that throws is asked again.
 * Rejects at the deadline, with what the condition last said.
 */
export async function until(condition, { what = 'a condition', within = 30_000, every = 25 } = {}) {
  const deadline = performance.now() + within;
  for (;;) {
    let last;
    try {
      const answer = await condition();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      if (error.giveUp) throw error;
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${within} ms`, { cause: last });
    }
    await pause(every);
  }
}

/** An error that `until` passes on at once. */
export const giveUp = (message) => Object.assign(new Error(message), { giveUp: true });

/** A TCP port on loopback that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
