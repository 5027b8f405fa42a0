-- Convoy: the change log.
--
-- Which rows changed is kept in one side table; what is in them is read from the tables themselves, as the caller, so that
-- Row Level Security decides. Tables that are synced get triggers and no columns.
--
-- Order comes from transactions, not from clocks or counters: a change is stamped with the id of its transaction, and a
-- device remembers a whole snapshot (which transactions it has seen). Times and sequence numbers are given when a write
-- happens but become visible when it commits, so a reader that remembers "the last one I saw" steps over slow writers.
--
-- Every part is safe to run again; running a newer version over an older one is the upgrade.

-- Not among the schemas PostgREST exposes. Callers need USAGE for the functions they may run; no table opens with it.
create schema if not exists convoy;
revoke all on schema convoy from public;
grant usage on schema convoy to authenticated;

-- 1. Tables -----------------------------------------------------------------------------------------------------------

create table if not exists convoy.meta (
  one boolean primary key default true check (one),
  -- Names this log. Transaction ids mean nothing in another database, so a restored copy gets a new one.
  epoch uuid not null default gen_random_uuid(),
  -- Which server, and which history of it, wrote the log. Null where the server does not tell.
  sysid bigint,
  timeline int,
  -- Part of every visibility text: raising it makes every device look at everything again.
  policy_epoch int not null default 1,
  schema_version int not null default 1,
  -- Deletions up to this transaction may be forgotten.
  gc_horizon xid8 not null default '0',
  gc_at timestamptz
);

create table if not exists convoy.tables (
  id smallint generated always as identity primary key,   -- parents before children
  rel regclass not null unique,
  name text not null unique,                              -- on the wire
  pk name not null,
  pk_type text not null,
  scope_col name,
  via_col name,
  via_tbl smallint references convoy.tables,
  conflict text not null,
  on_delete text not null default 'delete_wins',
  rules jsonb not null default '{}',                      -- column → {"rule": …, options}
  readonly text[] not null default '{}',
  policies text                                           -- a hash of them, as of the last policy epoch
);

-- One row per (scope, table, row): its last change, and whether it is still there. The key is compared bytewise, because
-- it also orders pages, and an order that depends on the locale can change under a device's feet.
create table if not exists convoy.log (
  scope uuid not null,
  tbl smallint not null,
  pk text collate "C" not null,
  xid xid8 not null,
  dead boolean not null default false,
  dead_at timestamptz,
  primary key (scope, tbl, pk)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
create index if not exists log_changes on convoy.log (scope, xid, tbl, pk) include (dead);
-- A row lives in one scope at a time; this is also how a child finds its parent's.
create unique index if not exists log_live on convoy.log (tbl, pk) include (scope) where not dead;
create index if not exists log_dead on convoy.log (xid) where dead;

-- Rows whose parent is not in the log yet (a deferred foreign key, or a cascade that reaches the child first).
create table if not exists convoy.limbo (
  tbl smallint not null,
  pk text collate "C" not null,
  primary key (tbl, pk)
);

-- When the columns of the rule last_write_wins were last written, and by which device (all zeros: by no device). The row's own stamp is that
-- of its insertion; `columns` holds {column: [stamp, device]} for what was written since.
create table if not exists convoy.stamp (
  tbl smallint not null,
  pk text collate "C" not null,
  hlc bigint not null,
  client uuid not null,
  columns jsonb not null default '{}',
  primary key (tbl, pk)
) with (fillfactor = 80);

create table if not exists convoy.client (
  client_id uuid primary key,
  user_id uuid not null,
  last_mid bigint not null default 0,
  uids uuid[] not null default '{}',                      -- of the last 64 mutations, oldest first
  seen_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  name text,                                              -- what its user calls it
  program text,
  revoked_at timestamptz
) with (fillfactor = 50);
create index if not exists client_user on convoy.client (user_id);
create index if not exists client_seen on convoy.client (seen_at);

-- Outcomes that say more than "applied", so that a repeated push gets the identical answer.
create table if not exists convoy.outcome (
  client_id uuid not null references convoy.client on delete cascade,
  mid bigint not null,
  outcome jsonb not null,
  primary key (client_id, mid)
);

-- Where scopes come from: membership tables.
create table if not exists convoy.scope_sources (
  rel regclass primary key,
  scope_col name not null,
  user_col name not null,
  visibility_col name
);

revoke all on all tables in schema convoy from public, anon, authenticated;
-- Not a secret: the sync schema tells it to every caller. RLS still decides about rows.
grant select on convoy.tables to authenticated;

-- 2. Which server is this? --------------------------------------------------------------------------------------------
-- Some servers refuse to tell. Whether this one does is settled now and not tried anew on each call.

do $$
begin
  perform s.system_identifier, c.timeline_id from pg_control_system() s, pg_control_checkpoint() c;
  create or replace function convoy.server(out sysid bigint, out timeline int)
  language sql stable set search_path = '' as $f$
    select s.system_identifier, c.timeline_id
      from pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c
  $f$;
exception when others then
  create or replace function convoy.server(out sysid bigint, out timeline int)
  language sql stable set search_path = '' as $f$ select null::bigint, null::int $f$;
end $$;

insert into convoy.meta (sysid, timeline) select s.sysid, s.timeline from convoy.server() s on conflict do nothing;

-- 3. Snapshots ----------------------------------------------------------------------------------------------------------
-- A standby does not know which transactions of the primary are still open: its snapshots have an empty list of them, and
-- would count an open one as seen. There, the next cursor must claim only what certainly ended (everything before xmin),
-- and the window must take in everything visible (everything before xmax).

create or replace function convoy.cursor_of(s pg_snapshot, standby boolean)
returns pg_snapshot language sql immutable set search_path = '' as $$
  select case when standby
    then (pg_snapshot_xmin(s)::text || ':' || pg_snapshot_xmin(s)::text || ':')::pg_snapshot else s end
$$;

create or replace function convoy.target_of(s pg_snapshot, standby boolean)
returns pg_snapshot language sql immutable set search_path = '' as $$
  select case when standby
    then (pg_snapshot_xmax(s)::text || ':' || pg_snapshot_xmax(s)::text || ':')::pg_snapshot else s end
$$;

-- 4. Care -----------------------------------------------------------------------------------------------------------------

-- Forgets deletions older than `keep`, the oldest first, at most `max_rows` of them, and devices that were not seen for `devices`.
-- A device that slept longer than `keep` back-fills anew. A deletion that some open transaction may still hide from a fresh cursor
-- stays, or a device that just synced would be told it is too old, again and again.
create or replace function convoy.gc(keep interval default '90 days', devices interval default '180 days', max_rows bigint default null)
returns bigint language plpgsql security definer set search_path = '' as $$
declare
  n bigint;
  newest xid8;
begin
  -- One at a time: the second has nothing to do.
  if not pg_try_advisory_xact_lock(hashtext('convoy.gc'), 0) then
    return 0;
  end if;
  with due as (
    select l.ctid from convoy.log l
     where l.dead and l.dead_at < now() - keep and l.xid < pg_snapshot_xmin(pg_current_snapshot())
     order by l.xid limit max_rows for update skip locked),
  gone as (delete from convoy.log l using due where l.ctid = due.ctid returning l.xid)
  select count(*), max(g.xid::text::numeric)::text::xid8 into n, newest from gone g;
  update convoy.meta m set gc_horizon = greatest(m.gc_horizon, newest), gc_at = now();
  -- A device that was signed out stays known, or it could come back.
  delete from convoy.client c using (
    select d.client_id from convoy.client d where d.seen_at < now() - devices and d.revoked_at is null
     limit max_rows for update skip locked) old
   where c.client_id = old.client_id;
  return n;
end $$;

-- What every push does now and then, so that a project without a scheduler is cleaned too. It does little, and never makes the push fail.
create or replace function convoy.gc_sometimes()
returns void language plpgsql security definer set search_path = '' as $$
begin
  if random() < 0.001 then
    perform convoy.gc(max_rows => 1000);
  end if;
exception when others then
  raise warning 'convoy: forgetting old deletions failed: %', sqlerrm;
end $$;

-- Cleans every night, where pg_cron is installed. Returns whether it is.
create or replace function convoy.schedule_gc()
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  if to_regprocedure('cron.schedule(text, text, text)') is null then
    return false;
  end if;
  execute 'select cron.schedule($1, $2, $3)' using 'convoy gc', '17 3 * * *', 'select convoy.gc()';
  return true;
end $$;

-- Run once after a restore, a clone or a failover that may have lost commits. Devices keep their rows and their
-- unsent work, and compare everything anew.
create or replace function convoy.after_restore()
returns uuid language plpgsql security definer set search_path = '' as $$
declare
  result uuid;
begin
  update convoy.log set xid = pg_current_xact_id();
  update convoy.meta m set epoch = gen_random_uuid(), gc_horizon = '0', sysid = s.sysid, timeline = s.timeline
    from convoy.server() s
  returning m.epoch into result;
  return result;
end $$;

-- What decides who sees the rows of a table, in short.
create or replace function convoy.policies_of(rel regclass)
returns text language sql stable set search_path = '' as $$
  select md5(concat(
    (select string_agg(concat_ws(' ', p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid),
                                 pg_get_expr(p.polwithcheck, p.polrelid)), '/' order by p.polname)
       from pg_policy p where p.polrelid = rel), '//',
    (select concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity, c.relacl) from pg_class c where c.oid = rel)))
$$;

-- Run in every migration that changes policies or grants: nothing else tells devices that they may see more, or less.
create or replace function convoy.bump_policy()
returns int language sql security definer set search_path = '' as $$
  update convoy.tables t set policies = convoy.policies_of(t.rel);
  update convoy.meta set policy_epoch = policy_epoch + 1 returning policy_epoch
$$;

-- The version of this SQL.
create or replace function convoy.version()
returns text language sql immutable set search_path = '' as $$ select '0.1.0' $$;

-- Whatever a caller may run is granted by name below and in the files that follow.
revoke execute on all functions in schema convoy from public, anon;
