-- Convoy: what a device asks for. convoy_pull sends what changed since the device's cursors, convoy_backfill a whole
-- scope. docs/design/sync-protocol.md is the contract.
--
-- Both run as the caller and read the tables as the caller. Only the small helpers on Convoy's own tables are definer
-- functions, and each of them answers only about the caller's own scopes and devices, since whoever may call convoy_pull
-- may call them too.
--
-- Both are STABLE, and must be: then every query in them sees one snapshot, so that the list of changes, the rows' content, the
-- permissions, last_mid and the next cursor all belong together.

-- 1. Requests -------------------------------------------------------------------------------------------------------------

-- Refuses a whole call. The form is PostgREST's own for an error with a chosen code and status.
create or replace function convoy.refuse(code text, message text, detail text default null, status int default 400)
returns void language plpgsql stable set search_path = '' as $$
begin
  raise sqlstate 'PGRST' using
    message = json_build_object('code', code, 'message', message, 'details', detail, 'hint', null)::text,
    detail = json_build_object('status', status, 'headers', json_build_object())::text;
end $$;

-- Who is calling, from which device, and does the log still speak about this database?
create or replace function convoy.session(client uuid, out uid uuid, out epoch uuid, out horizon xid8, out standby boolean,
                                          out snapshot pg_snapshot, out last_mid bigint)
language plpgsql stable security definer set search_path = '' as $$
declare
  meta convoy.meta;
  here record;
  device convoy.client;
begin
  uid := (select auth.uid());
  if uid is null then
    perform convoy.refuse('42501', 'convoy: sign in to sync', status => 401);
  end if;
  select * into strict meta from convoy.meta;
  select * into here from convoy.server();
  standby := pg_is_in_recovery();
  -- A standby may learn of a new timeline before or after the log does.
  if here.sysid is distinct from meta.sysid or (here.timeline is distinct from meta.timeline and not standby) then
    perform convoy.refuse('CV011', 'convoy: this server was restored or cloned; its owner must run convoy.after_restore()');
  end if;
  select * into device from convoy.client c where c.client_id = client;
  if device.user_id <> uid then
    perform convoy.refuse('CV010', 'convoy: this device belongs to another user');
  elsif device.revoked_at is not null then
    perform convoy.refuse('CV012', 'convoy: this device was signed out by its owner');
  end if;
  epoch := meta.epoch;
  horizon := meta.gc_horizon;
  snapshot := pg_current_snapshot();
  last_mid := coalesce(device.last_mid, 0);
end $$;

-- The request, checked as far as all calls agree. Some gateways wrap a jsonb argument in a string.
create or replace function convoy.opened(req jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
begin
  if jsonb_typeof(req) = 'string' then
    begin
      req := (req #>> '{}')::jsonb;
    exception when data_exception then
      req := null;
    end;
  end if;
  if req is null or jsonb_typeof(req) <> 'object' then
    perform convoy.refuse('CV009', 'convoy: the request must be an object');
  elsif req -> 'protocol' is distinct from '1' then
    perform convoy.refuse('CV001', 'convoy: protocol version not supported', '[1]');
  end if;
  return req;
end $$;

create or replace function convoy.iso_now()
returns text language sql volatile set search_path = '' as $$
  select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- 2. The schema, as far as the caller may see it ----------------------------------------------------------------------------

-- The columns the caller may read, and whether they may write them. Most tables answer the question of privileges as a whole.
create or replace function convoy.columns_of_caller()
returns table (tbl smallint, place smallint, name text, type oid, typmod int, nullable boolean, write boolean, is_key boolean)
language plpgsql stable set search_path = '' as $$
begin
  return query
  with t as materialized (
    select t.id, t.rel, t.pk, t.readonly, t.conflict <> 'read_only' as writable, has_table_privilege(t.rel, 'select') as reads,
           has_table_privilege(t.rel, 'insert') or has_table_privilege(t.rel, 'update') as writes
      from convoy.tables t)
  select t.id, a.attnum, a.attname::text, a.atttypid, a.atttypmod, not a.attnotnull,
         t.writable and a.attgenerated = '' and a.attidentity = '' and not a.attname = any (t.readonly)
           and (t.writes or has_column_privilege(t.rel, a.attnum, 'insert') or has_column_privilege(t.rel, a.attnum, 'update')),
         a.attname = t.pk
    from t join pg_attribute a on a.attrelid = t.rel and a.attnum > 0 and not a.attisdropped
   where t.reads or has_column_privilege(t.rel, a.attnum, 'select');
end $$;

-- Asked on every pull, so it takes the shortest way: no names of types, no JSON. (And PL/pgSQL, because it keeps its plans.)
create or replace function convoy.fingerprint()
returns text language plpgsql stable set search_path = '' as $$
begin
  return md5(concat((select string_agg(t.id || ' ' || t.name || ' ' || t.pk || ' ' || t.conflict || ' ' || t.on_delete || ' ' || t.rules::text, '/' order by t.id)
                       from convoy.tables t), '//',
                    (select string_agg(c.tbl || ' ' || c.name || ' ' || c.type || ' ' || c.typmod || ' ' || c.nullable || ' ' || c.write,
                                       '/' order by c.tbl, c.place)
                       from convoy.columns_of_caller() c)));
end $$;

-- The tables the caller may read at all.
create or replace function convoy.catalog()
returns table (id smallint, name text, rel regclass, pk name, pk_type text, names text[], description jsonb)
language sql stable set search_path = '' as $$
  select t.id, t.name, t.rel, t.pk, t.pk_type,
         coalesce(array_agg(c.name order by c.place) filter (where not c.is_key), '{}'),
         jsonb_build_object('name', t.name, 'id', t.pk, 'conflict', t.conflict, 'on_delete', t.on_delete, 'columns',
           coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'type', format_type(c.type, c.typmod),
                                                 'nullable', c.nullable, 'write', c.write)
                              || case when t.rules -> c.name ->> 'rule' <> convoy.default_rule(t.conflict)
                                      then jsonb_build_object('rule', t.rules -> c.name -> 'rule') else '{}' end
             order by c.place) filter (where not c.is_key), '[]'))
    from convoy.tables t join convoy.columns_of_caller() c on c.tbl = t.id
   group by t.id
  having bool_or(c.is_key)
$$;

create or replace function convoy.schema_of_caller()
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('fingerprint', convoy.fingerprint(), 'tables', coalesce(jsonb_agg(c.description order by c.id), '[]'))
    from convoy.catalog() c
$$;

-- 3. Rows ------------------------------------------------------------------------------------------------------------------

-- SQL for one row `x` as a JSON array, the key ($1's pk) first. A function call takes at most 100 arguments.
create or replace function convoy.row_expression(names text[])
returns text language sql immutable set search_path = '' as $$
  select 'jsonb_build_array(k.pk)' || coalesce(string_agg(' || ' || c.part, '' order by c.n), '')
    from (select (u.i - 1) / 90 as n, format('jsonb_build_array(%s)', string_agg(format('x.%I', u.name), ', ' order by u.i)) as part
            from unnest(names) with ordinality u (name, i) group by 1) c
$$;

-- The content of log entries, grouped as the protocol wants it. Tables the caller may not read are left out altogether.
--   The keys reach the table already typed: a cast in the condition is not leakproof, so RLS would keep it from the index.
--   The log entry says whether the row lies in this scope (`dead` or not); RLS says whether the caller sees it.
create or replace function convoy.rows_of(tbls smallint[], pks text[], scopes uuid[], deads boolean[], tell_gone boolean)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  t record;
  part jsonb;
  result jsonb := '[]';
begin
  for t in select c.*, w.pks, w.scopes, w.deads
             from (select u.tbl, array_agg(u.pk order by u.n) as pks, array_agg(u.scope order by u.n) as scopes,
                          array_agg(u.dead order by u.n) as deads
                     from unnest(rows_of.tbls, rows_of.pks, rows_of.scopes, rows_of.deads) with ordinality u (tbl, pk, scope, dead, n)
                    group by u.tbl) w
             join convoy.catalog() c on c.id = w.tbl order by c.id loop
    execute format($f$
      select jsonb_agg(jsonb_build_object('table', $4, 'scope', g.scope, 'columns', $5, 'rows', g.rows, 'gone', g.gone) order by g.scope)
        from (select k.scope, coalesce(jsonb_agg(r.content order by k.n) filter (where r.content is not null), '[]') as rows,
                     coalesce(jsonb_agg(k.pk order by k.n) filter (where r.content is null and $6), '[]') as gone
                from unnest($1, $1::%s[], $2, $3) with ordinality k (pk, id, scope, dead, n)
                left join lateral (select %s as content from %s x where x.%I = k.id and not k.dead offset 0) r on true
               group by k.scope) g
       where g.rows <> '[]' or g.gone <> '[]'
    $f$, t.pk_type, convoy.row_expression(t.names), t.rel, t.pk)
      into part using t.pks, t.scopes, t.deads, t.name, to_jsonb(t.names), tell_gone;
    result := result || coalesce(part, '[]');
  end loop;
  return result;
end $$;

-- 4. convoy_pull -----------------------------------------------------------------------------------------------------------

-- The next log entries of a window, in page order. The scopes a device names count only if they are the caller's; the
-- limit comes last, because whatever is taken away after it would end the window early.
create or replace function convoy.changes(scopes uuid[], bases pg_snapshot[], target pg_snapshot, after_scope uuid, after_xid xid8,
                                          after_tbl smallint, after_pk text, max_rows int)
returns table (scope uuid, xid xid8, tbl smallint, pk text, dead boolean)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  select l.* from (
      select s.scope, s.base, s.scope is not distinct from after_scope as resumed
        from unnest(scopes, bases) s (scope, base)
       where s.scope in (select m.scope from convoy.my_scopes() m) and (after_scope is null or s.scope >= after_scope)) s
   cross join lateral (
      select g.scope, g.xid, g.tbl, g.pk, g.dead from convoy.log g
       where g.scope = s.scope
         and (g.xid, g.tbl, g.pk) > (case when s.resumed then after_xid else pg_snapshot_xmin(s.base) end,
                                     case when s.resumed then after_tbl else 0::smallint end,
                                     case when s.resumed then after_pk else '' end)
         and not pg_visible_in_snapshot(g.xid, s.base)
         and pg_visible_in_snapshot(g.xid, target)
       order by g.xid, g.tbl, g.pk limit max_rows) l
   order by l.scope, l.xid, l.tbl, l.pk limit max_rows;
end $$;

-- A caller's scopes in 16 digits, so that a device need not name those that it knows to be the same.
create or replace function convoy.digest_of(scopes uuid[], visibilities text[])
returns text language sql immutable set search_path = '' as $$
  select left(encode(sha256(convert_to(coalesce(string_agg(s.scope || ' ' || s.visibility || e'\n', '' order by s.scope), ''), 'UTF8')), 'hex'), 16)
    from unnest(scopes, visibilities) s (scope, visibility)
$$;

create or replace function public.convoy_pull(req jsonb)
returns jsonb language plpgsql stable security invoker
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set extra_float_digits = 1
set bytea_output = 'hex' as $$
declare
  session record;
  client uuid; epoch uuid; target pg_snapshot; max_rows int;
  after_scope uuid; after_xid xid8; after_tbl smallint; after_pk text;
  scopes uuid[]; bases pg_snapshot[]; visibilities text[]; digest text;
  added jsonb := '{}'; removed jsonb := '[]';
  kept uuid[]; kept_bases pg_snapshot[];
  p_scope uuid[]; p_xid xid8[]; p_tbl smallint[]; p_pk text[]; p_dead boolean[];
  n int; more boolean := false;
  after jsonb;
begin
  req := convoy.opened(req);
  begin
    client := req ->> 'client';
    epoch := req ->> 'epoch';
    max_rows := coalesce((req ->> 'limit')::int, 1000);
    target := req ->> 'target';
    after := nullif(req -> 'after', 'null');
    after_scope := after ->> 0;
    after_xid := after ->> 1;
    after_tbl := after ->> 2;
    after_pk := after ->> 3;
    digest := req #>> '{scopes,0,digest}';
    if digest is not null then
      bases := array[(req #>> '{scopes,0,base}')::pg_snapshot];
    else
      select array_agg(i.key::uuid), array_agg((g.value ->> 'base')::pg_snapshot), array_agg(i.value)
        into scopes, bases, visibilities
        from jsonb_array_elements(coalesce(nullif(req -> 'scopes', 'null'), '[]')) g, jsonb_each_text(g.value -> 'ids') i;
    end if;
  exception when data_exception then
    perform convoy.refuse('CV009', 'convoy: malformed request: ' || sqlerrm);
  end;
  if client is null or max_rows not between 1 and 5000 or (after is not null) <> (target is not null and after is not null)
     or (after is not null and (after_scope is null or after_xid is null or after_tbl is null or after_pk is null))
     or (bases is not null and epoch is null) or (digest is not null and jsonb_array_length(req -> 'scopes') <> 1)
     or exists (select 1 from unnest(bases) b where b is null) then
    perform convoy.refuse('CV009', 'convoy: malformed request');
  elsif cardinality(scopes) > 1000 then
    perform convoy.refuse('CV009', 'convoy: at most 1000 scopes', cardinality(scopes)::text);
  end if;

  session := convoy.session(client);
  if epoch <> session.epoch then
    return jsonb_build_object('status', 'reset', 'protocol', 1, 'reason', 'epoch', 'epoch', session.epoch);
  elsif exists (select 1 from unnest(bases) b where pg_snapshot_xmin(b) <= session.horizon) then
    return jsonb_build_object('status', 'reset', 'protocol', 1, 'reason', 'horizon', 'epoch', session.epoch);
  elsif exists (select 1 from unnest(bases || target) b where pg_snapshot_xmax(b) > pg_snapshot_xmax(session.snapshot)) then
    return jsonb_build_object('status', 'stale', 'protocol', 1, 'epoch', session.epoch);
  end if;

  if digest is not null then
    select array_agg(m.scope), array_agg(m.visibility) into kept, visibilities from convoy.my_scopes() m;
    if digest <> convoy.digest_of(kept, visibilities) then
      return jsonb_build_object('status', 'scopes', 'protocol', 1, 'epoch', session.epoch);
    end if;
    kept_bases := array_fill(bases[1], array[cardinality(kept)]);
  else
    -- Scopes gained, lost, or seen with other eyes than before.
    select coalesce(jsonb_object_agg(m.scope, m.visibility) filter (where m.scope is not null and c.visibility is distinct from m.visibility), '{}'),
           coalesce(jsonb_agg(c.scope) filter (where c.scope is not null and c.visibility is distinct from m.visibility), '[]'),
           array_agg(c.scope) filter (where c.visibility = m.visibility),
           array_agg(c.base) filter (where c.visibility = m.visibility)
      into added, removed, kept, kept_bases
      from unnest(scopes, bases, visibilities) c (scope, base, visibility)
      full join convoy.my_scopes() m on m.scope = c.scope;
  end if;

  target := coalesce(target, convoy.target_of(session.snapshot, session.standby));
  -- One more than asked for tells whether there is more.
  select array_agg(c.scope), array_agg(c.xid), array_agg(c.tbl), array_agg(c.pk), array_agg(c.dead)
    into p_scope, p_xid, p_tbl, p_pk, p_dead
    from convoy.changes(kept, kept_bases, target, after_scope, after_xid, after_tbl, after_pk, max_rows + 1) c;
  n := coalesce(cardinality(p_scope), 0);
  if n > max_rows then
    n := max_rows;
    more := true;
  end if;

  return jsonb_build_object(
      'status', 'ok', 'protocol', 1, 'epoch', session.epoch, 'target', target::text,
      'next', convoy.cursor_of(session.snapshot, session.standby)::text,
      'more', more, 'last_mid', session.last_mid, 'server_time', convoy.iso_now(),
      'changes', case when n = 0 then '[]' else convoy.rows_of(p_tbl[:n], p_pk[:n], p_scope[:n], p_dead[:n], true) end)
    -- What says nothing is left out: most pulls bring nothing.
    || case when more then jsonb_build_object('after', jsonb_build_array(p_scope[n], p_xid[n]::text, p_tbl[n], p_pk[n])) else '{}' end
    || case when removed <> '[]' then jsonb_build_object('removed', removed) else '{}' end
    || case when after is null and added <> '{}' then jsonb_build_object('added', added) else '{}' end
    || case when convoy.fingerprint() is distinct from req ->> 'schema'
            then jsonb_build_object('schema', convoy.schema_of_caller()) else '{}' end;
end $$;

-- 5. convoy_backfill ---------------------------------------------------------------------------------------------------------

-- The rows of one scope of the caller, parents' tables first.
create or replace function convoy.contents(of_scope uuid, after_tbl smallint, after_pk text, max_rows int)
returns table (tbl smallint, pk text) language sql stable security definer set search_path = '' as $$
  select l.tbl, l.pk from convoy.log l
   where l.scope = of_scope and of_scope in (select m.scope from convoy.my_scopes() m)
     and (l.tbl, l.pk) > (after_tbl, after_pk) and not l.dead
   order by l.tbl, l.pk limit max_rows
$$;

create or replace function convoy.count_contents(of_scope uuid)
returns bigint language sql stable security definer set search_path = '' as $$
  select count(*) from convoy.log l
   where l.scope = of_scope and of_scope in (select m.scope from convoy.my_scopes() m) and not l.dead
$$;

create or replace function public.convoy_backfill(req jsonb)
returns jsonb language plpgsql stable security invoker
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set extra_float_digits = 1
set bytea_output = 'hex' as $$
declare
  session record;
  client uuid; epoch uuid; of_scope uuid; max_rows int;
  after jsonb; after_tbl smallint; after_pk text;
  sees text;
  p_tbl smallint[]; p_pk text[];
  n int; more boolean := false;
begin
  req := convoy.opened(req);
  begin
    client := req ->> 'client';
    epoch := req ->> 'epoch';
    of_scope := req ->> 'scope';
    max_rows := coalesce((req ->> 'limit')::int, 1000);
    after := nullif(req -> 'after', 'null');
    after_tbl := after ->> 0;
    after_pk := after ->> 1;
  exception when data_exception then
    perform convoy.refuse('CV009', 'convoy: malformed request: ' || sqlerrm);
  end;
  if client is null or epoch is null or of_scope is null or max_rows not between 1 and 5000
     or (after is not null and (after_tbl is null or after_pk is null)) then
    perform convoy.refuse('CV009', 'convoy: malformed request');
  end if;

  session := convoy.session(client);
  if epoch <> session.epoch then
    return jsonb_build_object('status', 'reset', 'protocol', 1, 'reason', 'epoch', 'epoch', session.epoch);
  end if;
  select m.visibility into sees from convoy.my_scopes() m where m.scope = of_scope;

  select array_agg(c.tbl), array_agg(c.pk) into p_tbl, p_pk
    from convoy.contents(of_scope, coalesce(after_tbl, 0::smallint), coalesce(after_pk, ''), max_rows + 1) c;
  n := coalesce(cardinality(p_tbl), 0);
  if n > max_rows then
    n := max_rows;
    more := true;
  end if;

  return jsonb_build_object(
      'status', 'ok', 'protocol', 1, 'epoch', session.epoch, 'scope', of_scope, 'visibility', sees,
      'next', convoy.cursor_of(session.snapshot, session.standby)::text,
      'after', case when more then jsonb_build_array(p_tbl[n], p_pk[n]) end, 'more', more,
      'changes', case when n = 0 then '[]'
                      else convoy.rows_of(p_tbl[:n], p_pk[:n], array_fill(of_scope, array[n]), array_fill(false, array[n]), false) end)
    || case when after is null then jsonb_build_object('total', convoy.count_contents(of_scope)) else '{}' end;
end $$;

-- 6. Grants ------------------------------------------------------------------------------------------------------------------

revoke execute on all functions in schema convoy from public, anon;
grant execute on function convoy.refuse(text, text, text, int), convoy.session(uuid), convoy.opened(jsonb), convoy.iso_now(),
  convoy.cursor_of(pg_snapshot, boolean), convoy.target_of(pg_snapshot, boolean), convoy.columns_of_caller(),
  convoy.default_rule(text), convoy.fingerprint(), convoy.catalog(), convoy.schema_of_caller(),
  convoy.digest_of(uuid[], text[]), convoy.row_expression(text[]), convoy.rows_of(smallint[], text[], uuid[], boolean[], boolean),
  convoy.changes(uuid[], pg_snapshot[], pg_snapshot, uuid, xid8, smallint, text, int),
  convoy.contents(uuid, smallint, text, int), convoy.count_contents(uuid) to authenticated;

-- Supabase grants every function in public to anon and the service role by default.
revoke execute on function public.convoy_pull(jsonb), public.convoy_backfill(jsonb) from public, anon, service_role;
grant execute on function public.convoy_pull(jsonb), public.convoy_backfill(jsonb) to authenticated;
