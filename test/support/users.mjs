/** People who use the local Supabase. */
import WebSocket from 'ws';

// It prints a notice about Node 20 when it is loaded.
const { warn } = console;
console.warn = () => {};
const { createClient } = await import('@supabase/supabase-js');
console.warn = warn;

/** A supabase-js client for `lite` (or anything with `url` and `publishableKey`), nobody signed in. */
export const clientFor = ({ url, publishableKey }, key = publishableKey) =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    realtime: { transport: WebSocket }, // Node 20 has none of its own.
  });

/** A client that Row Level Security does not bind. */
export const adminFor = (lite) => clientFor(lite, lite.secretKey);

let count = 0;

/** Signs up `name` and returns who they are, with a supabase-js client signed in as them. */
export async function signUp(lite, name, { email = `${name}-${++count}@example.com`, password = `${name}-password` } = {}) {
  const client = clientFor(lite);
  const { user, session } = must(await client.auth.signUp({ email, password }));
  return { name, id: user.id, email, password, client, session };
}

/** The data of a supabase-js answer; its error, thrown, if it has one. */
export function must({ data, error }) {
  if (error) throw Object.assign(new Error(error.message), error);
  return data;
}
