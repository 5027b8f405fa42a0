-- Convoy: convoy_push applies a device's mutations, each one at most once and all or nothing.
-- docs/design/sync-protocol.md is the contract.
--
-- A mutation runs in a subtransaction of its own, so that a refused one takes nothing else down; its data, its outcome and
-- the device's last_mid commit together, so that a repeated push can be answered instead of applied.

-- 1. The device's record ------------------------------------------------------------------------------------------------------

-- Locks the device's record for the length of the push: of two identical pushes the second waits, and then finds the
-- first one's answer. Checks whose device it is, since any caller may run this.
--   `about` is what the device says of itself: its name and its program's.
create or replace function convoy.open_client(client uuid, about jsonb default null, out last_mid bigint, out uids uuid[], out outcomes jsonb)
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := (select auth.uid());
  device convoy.client;
begin
  insert into convoy.client (client_id, user_id) values (client, me) on conflict do nothing;
  select * into strict device from convoy.client c where c.client_id = client for update;
  if device.user_id is distinct from me then
    perform convoy.refuse('CV010', 'convoy: this device belongs to another user');
  elsif device.revoked_at is not null then
    -- Signed out while this call waited for the lock.
    perform convoy.refuse('CV012', 'convoy: this device was signed out by its owner');
  end if;
  if about is not null then
    update convoy.client c
       set name = left(coalesce(about ->> 'name', c.name), 200), program = left(coalesce(about ->> 'program', c.program), 200), seen_at = now()
     where c.client_id = client
       and (c.name is distinct from left(coalesce(about ->> 'name', c.name), 200)
            or c.program is distinct from left(coalesce(about ->> 'program', c.program), 200) or c.seen_at < now() - interval '1 minute');
  end if;
  last_mid := device.last_mid;
  uids := device.uids;
  select coalesce(jsonb_object_agg(o.mid, o.outcome), '{}') into outcomes from convoy.outcome o where o.client_id = client;
end $$;

create or replace function convoy.close_client(client uuid, new_last_mid bigint, new_uids uuid[], told jsonb)
returns void language plpgsql volatile security definer set search_path = '' as $$
begin
  update convoy.client c set last_mid = new_last_mid, uids = new_uids, seen_at = now()
   where c.client_id = client and c.user_id = (select auth.uid()) and c.last_mid <= new_last_mid;
  if not found then
    perform convoy.refuse('CV010', 'convoy: this device belongs to another user');
  end if;
  insert into convoy.outcome (client_id, mid, outcome)
  select client, (o.value ->> 'mid')::bigint, o.value from jsonb_array_elements(told) o
   where o.value <> jsonb_build_object('mid', o.value -> 'mid', 'status', 'applied');
  -- A mutation whose uid is forgotten is never answered again.
  delete from convoy.outcome o where o.client_id = client and o.mid <= new_last_mid - 64;
end $$;

-- What became of an id: 'live', 'dead' (deleted; ids are never used again) or null.
create or replace function convoy.fate(of_tbl smallint, of_pk text)
returns text language sql stable security definer set search_path = '' as $$
  select case when exists (select 1 from convoy.log l where l.tbl = of_tbl and l.pk = of_pk and not l.dead) then 'live'
              when exists (select 1 from convoy.log l where l.tbl = of_tbl and l.pk = of_pk) then 'dead' end
$$;
create index if not exists log_fate on convoy.log (tbl, pk) where dead;

-- Refuses one mutation.
create or replace function convoy.fail(code text, message text)
returns void language plpgsql stable set search_path = '' as $$
begin
  raise exception using errcode = code, message = message;
end $$;

-- 2. One operation --------------------------------------------------------------------------------------------------------------

-- `{column: value}` of row `x` as SQL, in pieces that respect the limit on arguments.
create or replace function convoy.object_expression(names text[])
returns text language sql immutable set search_path = '' as $$
  select coalesce(string_agg(c.part, ' || ' order by c.n), '''{}''::jsonb')
    from (select (u.i - 1) / 45 as n,
                 format('jsonb_build_object(%s)', string_agg(format('%L, x.%I', u.name, u.name), ', ' order by u.i)) as part
            from unnest(names) with ordinality u (name, i) group by 1) c
$$;

-- Values as the table's own types would print them: '1.10' and 1.1 of a numeric column, or one instant in two time zones, come out
-- equal. Keeps only the columns that were given.
create or replace function convoy.normalised(rel regclass, given jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  result jsonb;
begin
  if given = '{}' then
    return given;
  end if;
  execute format('select to_jsonb(r.*) from jsonb_populate_record(null::%s, $1) r', rel) into result using given;
  return (select coalesce(jsonb_object_agg(g.key, result -> g.key), '{}') from jsonb_object_keys(given) g (key));
end $$;

-- Those of `columns` whose last write is earlier than this one. A device's own writes follow one another, whatever its clock said.
-- (The stamps themselves are nobody's business.)
create or replace function convoy.later_than(of_tbl smallint, of_pk text, columns text[], hlc bigint, client uuid)
returns text[] language sql stable security definer set search_path = '' as $$
  select array(
    select c.name from unnest(columns) c (name) left join convoy.stamp s on s.tbl = of_tbl and s.pk = of_pk
     where s.tbl is null or coalesce((s.columns -> c.name ->> 1)::uuid, s.client) = later_than.client
        or (later_than.hlc, later_than.client) > (coalesce((s.columns -> c.name ->> 0)::bigint, s.hlc),
                                                  coalesce((s.columns -> c.name ->> 1)::uuid, s.client)))
$$;

-- Changes a row that exists, under its lock. `base` null: no bases, the given values are taken (but those that follow the clock only if
-- they are later). Returns the conflicts, or null if there is no such row for this caller.
create or replace function convoy.apply_update(t convoy.tables, id text, given jsonb, base jsonb, hlc bigint, client uuid)
returns jsonb language plpgsql volatile as $$
declare
  readable text[];
  current jsonb; wanted jsonb; origin jsonb;
  taken jsonb := '{}';
  clocked text[]; later text[]; stamped text[] := '{}';
  conflicts jsonb := '[]';
  usual jsonb := jsonb_build_object('rule', convoy.default_rule(t.conflict));
  col text; rule jsonb; kind text;
  mine jsonb; theirs jsonb; was jsonb; merged jsonb;
  kept text;                                   -- whose value stays: client, server or merged
  is_conflict boolean;
  moment timestamptz;
  n bigint;
begin
  select coalesce(array_agg(g.key), '{}') into readable from jsonb_object_keys(given) g (key)
   where has_column_privilege(t.rel, g.key, 'select');
  -- The lock holds the row still between looking and writing.
  execute format('select %s from %s x where x.%I = $1::%s for update',
                 convoy.object_expression(readable), t.rel, t.pk, t.pk_type) into current using id;
  if current is null then
    return null;
  end if;
  wanted := convoy.normalised(t.rel, given);
  origin := convoy.normalised(t.rel, coalesce(base, '{}'));
  clocked := array(select g.key from jsonb_object_keys(given) g (key) where coalesce(t.rules -> g.key, usual) ->> 'rule' = 'last_write_wins');
  if clocked <> '{}' then
    later := convoy.later_than(t.id, id, clocked, hlc, client);
  end if;

  for col in select g.key from jsonb_object_keys(given) g (key) order by g.key loop
    rule := coalesce(t.rules -> col, usual);
    kind := rule ->> 'rule';
    if kind = 'latest' and jsonb_typeof(wanted -> col) = 'string' then
      -- A device's clock may run ahead; no time is later than now. (Infinity is a time too.)
      moment := least((wanted ->> col)::timestamptz, clock_timestamp());
      wanted := wanted || convoy.normalised(t.rel, jsonb_build_object(col, moment));
    end if;
    mine := wanted -> col;
    theirs := current -> col;
    was := origin -> col;
    merged := null;

    -- What the caller may not read cannot be compared. Where nobody else changed the value, the client's is the next one; what the
    -- client did not change stays. (Equal counters are two changes, not one.)
    kept := 'client';
    is_conflict := false;
    if not col = any (readable) then
      null;
    elsif was = mine then
      kept := 'server';
    elsif was is null then
      if kind = 'last_write_wins' and not col = any (later) then
        kept := 'server';
        is_conflict := theirs <> mine;
      end if;
    elsif theirs <> was and (theirs <> mine or kind in ('counter', 'last_write_wins')) then
      is_conflict := theirs <> mine or kind = 'counter';
      case kind
        when 'client_wins' then
          null;
        when 'latest' then
          if jsonb_typeof(mine) = 'string' and jsonb_typeof(theirs) = 'string' then
            kept := case when (theirs #>> '{}')::timestamptz >= moment then 'server' else 'client' end;
            is_conflict := false;
          else
            kept := 'server';
          end if;
        when 'last_write_wins' then
          kept := case when col = any (later) then 'client' else 'server' end;
        else
          merged := convoy.merged(rule, was, mine, theirs);
          kept := case when merged is null then 'server' else 'merged' end;
          if merged is not null then
            merged := convoy.normalised(t.rel, jsonb_build_object(col, merged)) -> col;
          end if;
      end case;
    end if;

    if is_conflict then
      conflicts := conflicts || (jsonb_build_object('table', t.name, 'id', id, 'column', col, 'base', was, 'client', mine, 'server', theirs,
          'kept', kept, 'rule', case kind when 'latest' then 'server_wins' else kind end)
        || case when merged is null then '{}' else jsonb_build_object('value', merged) end);
    end if;
    if kept = 'client' and kind = 'last_write_wins' then
      stamped := stamped || col;
    end if;
    if kept = 'client' and (not col = any (readable) or theirs <> mine or kind = 'last_write_wins') then
      taken := taken || jsonb_build_object(col, case when kind = 'latest' then mine else given -> col end);
    elsif kept = 'merged' and merged <> theirs then
      taken := taken || jsonb_build_object(col, merged);
    end if;
  end loop;

  if taken <> '{}' then
    if stamped <> '{}' then
      perform set_config('convoy.write', jsonb_build_object('hlc', hlc, 'client', client, 'tbl', t.id, 'id', id, 'columns', stamped)::text, true);
    end if;
    execute format('update %1$s x set (%2$s) = (select %3$s from jsonb_populate_record(null::%1$s, $1) r) where x.%4$I = $2::%5$s',
                   t.rel, (select string_agg(quote_ident(k), ', ') from jsonb_object_keys(taken) k),
                   (select string_agg('r.' || quote_ident(k), ', ') from jsonb_object_keys(taken) k), t.pk, t.pk_type)
      using taken, id;
    get diagnostics n = row_count;
    if stamped <> '{}' then
      perform set_config('convoy.write', '', true);
    end if;
    if n <> 1 then
      return null;
    end if;
  end if;
  return conflicts;
end $$;

-- Returns the conflicts; a refusal is an error.
create or replace function convoy.apply_op(op jsonb, hlc bigint, client uuid)
returns jsonb language plpgsql volatile as $$
declare
  t convoy.tables;
  kind text := op ->> 'op';
  id text := op ->> 'id';
  given jsonb := coalesce(op -> 'values', '{}');
  base jsonb := coalesce(op -> 'base', '{}');
  revive boolean := coalesce(op -> 'revive' = 'true', false);
  bad text;
  fate text;
  conflicts jsonb;
  n bigint;
begin
  if jsonb_typeof(op) is distinct from 'object' or kind is null or kind not in ('insert', 'update', 'delete')
     or jsonb_typeof(op -> 'table') is distinct from 'string' or jsonb_typeof(op -> 'id') is distinct from 'string'
     or jsonb_typeof(given) <> 'object' or jsonb_typeof(base) <> 'object'
     or (op ? 'revive' and (kind <> 'insert' or jsonb_typeof(op -> 'revive') <> 'boolean')) then
    perform convoy.fail('CV008', 'malformed operation');
  end if;
  select * into t from convoy.tables x where x.name = op ->> 'table';
  if t.id is null then
    perform convoy.fail('CV002', format('table "%s" is not synced', op ->> 'table'));
  elsif t.conflict = 'read_only' then
    perform convoy.fail('CV006', format('table "%s" is read only', t.name));
  elsif t.conflict = 'append_only' and kind <> 'insert' then
    perform convoy.fail('CV007', format('rows are only added to table "%s"', t.name));
  end if;
  select g.key into bad
    from (select jsonb_object_keys(given) union select jsonb_object_keys(base)) g (key)
    left join pg_attribute a on a.attrelid = t.rel and a.attname = g.key and a.attnum > 0 and not a.attisdropped
   where a.attname is null or a.attgenerated <> '' or a.attidentity <> '' or a.attname = t.pk or a.attname = any (t.readonly)
   limit 1;
  if bad is not null then
    raise exception using errcode = 'CV003', message = format('column "%s" of "%s" does not exist or may not be written', bad, t.name),
      column = bad;
  end if;
  -- The type's own spelling of the id is the one the log knows. Nearly always it is the one that came.
  if t.pk_type <> 'uuid' or id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    execute format('select ($1::%s)::text', t.pk_type) into id using id;
  end if;

  if kind = 'update' then
    conflicts := convoy.apply_update(t, id, given, base, hlc, client);
    if conflicts is null then
      perform convoy.fail('CV004', format('the row of "%s" is gone', t.name));
    end if;
    return conflicts;
  end if;

  fate := convoy.fate(t.id, id);

  if kind = 'delete' then
    execute format('delete from %s x where x.%I = $1::%s', t.rel, t.pk, t.pk_type) using id;
    get diagnostics n = row_count;
    if n = 0 and fate = 'live' then
      raise exception 'the row of "%" may not be deleted', t.name using errcode = '42501';
    end if;
    return '[]';
  end if;

  if fate = 'dead' and not (revive and t.on_delete = 'resurrect') then
    perform convoy.fail('CV005', format('this row of "%s" was deleted', t.name));
  elsif fate = 'live' then
    if t.conflict = 'append_only' then
      perform convoy.fail('CV007', format('rows are only added to table "%s"', t.name));
    end if;
    -- A revival that comes second is the edit it was made from.
    conflicts := convoy.apply_update(t, id, given, case when revive and op ? 'base' then base end, hlc, client);
    if conflicts is not null then
      return conflicts;
    end if;
    -- Hidden from this caller: the insert below fails on the key, as it must.
  end if;
  -- A plain INSERT: ON CONFLICT and RETURNING would need a SELECT policy to pass, which the creator of a workspace does not
  -- until the row is there. Columns that were not given get their defaults.
  perform set_config('convoy.write', jsonb_build_object('hlc', hlc, 'client', client)::text, true);
  execute format('insert into %1$s (%2$s) select %3$s from jsonb_populate_record(null::%1$s, $1) r', t.rel,
                 (select string_agg(quote_ident(k), ', ') from jsonb_object_keys(given || jsonb_build_object(t.pk, id)) k),
                 (select string_agg('r.' || quote_ident(k), ', ') from jsonb_object_keys(given || jsonb_build_object(t.pk, id)) k))
    using given || jsonb_build_object(t.pk, id);
  get diagnostics n = row_count;
  perform set_config('convoy.write', '', true);
  if n <> 1 then
    perform convoy.fail('CV004', format('the server did not take the row of "%s"', t.name));
  end if;
  return '[]';
end $$;

-- 3. convoy_push ----------------------------------------------------------------------------------------------------------------
-- No empty search_path here: the application's own triggers run inside, and many of them rely on the one PostgREST sets. All
-- that this function itself names is qualified, and it runs with the caller's rights.

create or replace function public.convoy_push(req jsonb)
returns jsonb language plpgsql volatile security invoker
set search_path = public, extensions, pg_temp set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres'
set extra_float_digits = 1 set bytea_output = 'hex' set lock_timeout = '5s' as $$
declare
  session record;
  device record;
  client uuid; epoch uuid;
  mids bigint[]; sent uuid[]; bodies text[]; hlcs bigint[];
  now_hlc bigint := convoy.hlc_now();
  last_mid bigint; uids uuid[];
  outcome jsonb; outcomes jsonb := '[]'; told jsonb := '[]';
  body jsonb; ops jsonb; op jsonb; conflicts jsonb;
  at_table text; at_id text; n int;
  state text; said text; constraint_name text; column_name text; table_name text;
begin
  req := convoy.opened(req);
  if octet_length(req::text) > 4194304 then
    perform convoy.refuse('CV009', 'convoy: at most 4 MiB in one call');
  end if;
  begin
    client := req ->> 'client';
    epoch := req ->> 'epoch';
    select array_agg((m.value ->> 'mid')::bigint order by m.i), array_agg((m.value ->> 'uid')::uuid order by m.i),
           array_agg(case when jsonb_typeof(m.value -> 'body') = 'string' then m.value ->> 'body' end order by m.i),
           -- A clock that runs ahead gets a minute, no more; the write itself is not lost.
           array_agg(least(coalesce((m.value ->> 'hlc')::bigint, now_hlc), convoy.hlc_now('60 s') | 65535) order by m.i)
      into mids, sent, bodies, hlcs
      from jsonb_array_elements(req -> 'mutations') with ordinality m (value, i);
  exception when data_exception then
    perform convoy.refuse('CV009', 'convoy: malformed request: ' || sqlerrm);
  end;
  if client is null or coalesce(jsonb_typeof(req -> 'mutations'), '') <> 'array'
     or array_position(mids, null) is not null or array_position(sent, null) is not null or mids[1] < 1 or 0 > any (hlcs)
     or coalesce(jsonb_typeof(req -> 'device'), 'object') not in ('object', 'null')
     or exists (select 1 from unnest(mids) with ordinality u (mid, i) where u.mid <> mids[1] + u.i - 1) then
    perform convoy.refuse('CV009', 'convoy: malformed request');
  elsif cardinality(mids) > 50 then
    perform convoy.refuse('CV009', 'convoy: at most 50 mutations in one call');
  end if;

  session := convoy.session(client);
  -- A device that writes before its first pull knows no epoch yet.
  if epoch <> session.epoch then
    return jsonb_build_object('status', 'reset', 'protocol', 1, 'reason', 'epoch', 'epoch', session.epoch);
  end if;
  device := convoy.open_client(client, nullif(req -> 'device', 'null'));
  last_mid := device.last_mid;
  uids := device.uids;

  if mids[1] > last_mid + 1 then
    return jsonb_build_object('status', 'gap', 'protocol', 1, 'last_mid', last_mid);
  end if;
  -- What was applied before must be what is sent now; the ring ends with the uid of last_mid.
  for i in 1 .. coalesce(cardinality(mids), 0) loop
    exit when mids[i] > last_mid;
    n := cardinality(uids) - (last_mid - mids[i])::int;
    if n < 1 or uids[n] <> sent[i] then
      return jsonb_build_object('status', 'forked', 'protocol', 1, 'last_mid', last_mid);
    end if;
  end loop;

  set constraints all deferred;
  for i in 1 .. coalesce(cardinality(mids), 0) loop
    if mids[i] <= last_mid then
      outcomes := outcomes || coalesce(device.outcomes -> mids[i]::text,
                                       jsonb_build_object('mid', mids[i], 'status', 'applied'));
      continue;
    end if;
    at_table := null;
    at_id := null;
    conflicts := '[]';
    begin
      begin
        body := bodies[i]::jsonb;
      exception when data_exception then
        perform convoy.fail('CV008', 'malformed mutation: ' || sqlerrm);
      end;
      ops := body -> 'ops';
      if ops is null or jsonb_typeof(ops) <> 'array' then
        perform convoy.fail('CV008', 'malformed mutation');
      end if;
      for op in select o.value from jsonb_array_elements(ops) with ordinality o (value, i) order by o.i loop
        at_table := op ->> 'table';
        at_id := op ->> 'id';
        conflicts := conflicts || convoy.apply_op(op, hlcs[i], client);
      end loop;
      -- Deferred checks count as part of the mutation.
      if jsonb_array_length(ops) > 0 then
        at_table := null;
        at_id := null;
      end if;
      set constraints all immediate;
      set constraints all deferred;
      outcome := jsonb_build_object('mid', mids[i], 'status', case when conflicts = '[]' then 'applied' else 'merged' end)
              || case when conflicts = '[]' then '{}' else jsonb_build_object('conflicts', conflicts) end;
    exception when others then
      get stacked diagnostics state = returned_sqlstate, said = message_text, constraint_name = constraint_name,
        column_name = column_name, table_name = table_name;
      -- Nobody's fault, and gone the next time: the whole call fails, and nothing is remembered.
      if left(state, 2) in ('40', '53', '57', '58', '08', 'XX') or state = '55P03' then
        raise;
      end if;
      outcome := jsonb_build_object('mid', mids[i], 'status', 'rejected', 'code', state, 'message', said,
                                    'constraint', nullif(constraint_name, ''), 'table', coalesce(at_table, nullif(table_name, '')),
                                    'id', at_id, 'column', nullif(column_name, ''));
    end;
    last_mid := mids[i];
    uids := (uids || sent[i])[greatest(cardinality(uids) - 62, 1):];
    outcomes := outcomes || outcome;
    told := told || outcome;
  end loop;
  if told <> '[]' then
    perform convoy.close_client(client, last_mid, uids, told);
    perform convoy.gc_sometimes();
  end if;
  return jsonb_build_object('status', 'ok', 'protocol', 1, 'epoch', session.epoch, 'last_mid', last_mid, 'server_time', convoy.iso_now(),
                            'outcomes', outcomes);
end $$;

-- 4. Grants ---------------------------------------------------------------------------------------------------------------------

revoke execute on all functions in schema convoy from public, anon;
grant execute on function convoy.open_client(uuid, jsonb), convoy.close_client(uuid, bigint, uuid[], jsonb), convoy.fate(smallint, text), convoy.fail(text, text),
  convoy.later_than(smallint, text, text[], bigint, uuid), convoy.hlc_now(interval), convoy.gc_sometimes(),
  convoy.object_expression(text[]), convoy.normalised(regclass, jsonb), convoy.apply_update(convoy.tables, text, jsonb, jsonb, bigint, uuid),
  convoy.apply_op(jsonb, bigint, uuid) to authenticated;
revoke execute on function public.convoy_push(jsonb) from public, anon, service_role;
grant execute on function public.convoy_push(jsonb) to authenticated;
