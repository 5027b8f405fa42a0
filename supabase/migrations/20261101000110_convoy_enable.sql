-- Convoy: which tables are synced, and in which scope each of their rows lies.
--
--   select convoy.enable('tasks', scope_via => 'milestone_id', conflict => 'merge');
--
-- gives the table four statement triggers. They collect the keys of the rows that changed and hand them to the table's
-- `place` function, which looks where each row belongs *now* and brings the log in line. Everything else (a parent that
-- moves, a child that came before its parent, the first logging of a full table, repair) calls the same function.
--
-- These functions name the table, its key and its scope columns: whoever renames one of them calls enable again in the same
-- migration, and whoever drops a parent disables its children first. Other columns come and go freely.

-- 1. Scopes -------------------------------------------------------------------------------------------------------------

-- The scopes of the caller and what they may see in each: the global one, their own, and one per membership.
-- Regenerated whenever a membership table is registered.
create or replace function convoy.rebuild_scopes()
returns void language plpgsql security definer set search_path = '' as $$
declare
  source record;
  branches text := '';
begin
  for source in select s.* from convoy.scope_sources s join pg_class c on c.oid = s.rel order by s.rel::text loop
    branches := branches || format($f$
      union all select m.%I, %s from %s m where m.%I = me$f$,
      source.scope_col,
      case when source.visibility_col is null then quote_literal('member')
           else format('m.%I::text', source.visibility_col) end,
      source.rel, source.user_col);
  end loop;
  execute format($f$
    create or replace function convoy.my_scopes()
    returns table (scope uuid, visibility text) language plpgsql stable security definer set search_path = '' as $body$
    declare
      me uuid := auth.uid();
    begin
      return query
      select s.scope, string_agg(s.part, ',' order by s.part) || ':' || (select m.policy_epoch from convoy.meta m)
        from (
      select '00000000-0000-0000-0000-000000000000'::uuid as scope, 'all' as part
      union all select me, 'self'%s
        ) s
       where me is not null and s.scope is not null
       group by s.scope;
    end $body$ $f$, branches);
  revoke execute on function convoy.my_scopes() from public, anon;
  grant execute on function convoy.my_scopes() to authenticated;
end $$;

-- Registers a membership table: `members` gives `"user"` the scope `scope`, with what `visibility` holds deciding how much of it.
create or replace function convoy.scopes_from(members regclass, scope name default 'workspace_id',
                                              "user" name default 'user_id', visibility name default 'role')
returns void language plpgsql security definer set search_path = '' as $$
declare
  col name;
begin
  foreach col in array array[scope, "user", visibility] loop
    if col is not null and not exists (select 1 from pg_attribute a
         where a.attrelid = members and a.attname = col and a.attnum > 0 and not a.attisdropped) then
      raise exception 'convoy: % has no column "%"', members, col using errcode = '42703';
    end if;
  end loop;
  insert into convoy.scope_sources as s (rel, scope_col, user_col, visibility_col)
  values (members, scope, "user", visibility)
  on conflict (rel) do update
    set scope_col = excluded.scope_col, user_col = excluded.user_col, visibility_col = excluded.visibility_col;
  perform convoy.rebuild_scopes();
end $$;

-- 2. Placing rows -------------------------------------------------------------------------------------------------------

-- Places the children of rows that moved to another scope.
create or replace function convoy.place_children(parent smallint, keys text[])
returns void language plpgsql security definer set search_path = '' as $$
declare
  child record;
begin
  for child in select c.*, p.pk_type as parent_type from convoy.tables c join convoy.tables p on p.id = c.via_tbl
                  join pg_class k on k.oid = c.rel              -- it may have been dropped without a word
                where c.via_tbl = parent order by c.id loop
    execute format('select convoy.place_%s(array(select b.%I from %s b where b.%I = any ($1::%s[])), false, false)',
                   child.id, child.pk, child.rel, child.via_col, child.parent_type) using keys;
  end loop;
end $$;

-- Places the rows of one table that were waiting for a parent.
create or replace function convoy.place_waiting(child smallint)
returns void language plpgsql security definer set search_path = '' as $$
begin
  execute format('select convoy.place_%s(array(select m.pk::%s from convoy.limbo m where m.tbl = $1), true, true)',
                 child, (select t.pk_type from convoy.tables t where t.id = child)) using child;
end $$;

-- At commit the last chance: the parent may have been committed by somebody else meanwhile.
create or replace function convoy.limbo_at_commit()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if exists (select 1 from convoy.limbo m where m.tbl = new.tbl and m.pk = new.pk) then
    perform convoy.place_waiting(new.tbl);
  end if;
  return null;
end $$;

do $$
begin
  if not exists (select 1 from pg_trigger where tgrelid = 'convoy.limbo'::regclass and tgname = 'at_commit') then
    create constraint trigger at_commit after insert on convoy.limbo
      deferrable initially deferred for each row execute function convoy.limbo_at_commit();
  end if;
end $$;
alter table convoy.limbo enable always trigger at_commit;

-- 3. Conflict rules -------------------------------------------------------------------------------------------------------
-- docs/design/conflicts.md says what each one does.

-- The rule of every column of a table that has no rule of its own.
create or replace function convoy.default_rule(conflict text)
returns text language sql immutable set search_path = '' as $$
  select case when conflict in ('client_wins', 'last_write_wins', 'manual') then conflict else 'server_wins' end
$$;

-- The rules of columns in their full form, {"column": {"rule": …, options}}, from what `enable` was given. Refuses what cannot work.
create or replace function convoy.checked_rules(rel regclass, columns jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  col text;
  given jsonb;
  kind text;
  type record;
  f pg_proc;
  result jsonb := '{}';
begin
  for col, given in select * from jsonb_each(coalesce(columns, '{}')) loop
    if jsonb_typeof(given) = 'string' then
      given := jsonb_build_object('rule', given);
    end if;
    kind := case when jsonb_typeof(given) = 'object' then given ->> 'rule' end;
    if kind is null or kind not in ('server_wins', 'client_wins', 'latest', 'last_write_wins', 'manual', 'text', 'counter', 'set', 'custom') then
      raise exception 'convoy: unknown rule "%" for column "%"', coalesce(kind, given::text), col using errcode = '22023',
        hint = 'server_wins, client_wins, latest, last_write_wins, manual, text, counter, set or custom';
    elsif given - array['rule', 'unit', 'function'] <> '{}' or (given ? 'unit' and kind <> 'text') or (given ? 'function' and kind <> 'custom') then
      raise exception 'convoy: unknown option of rule "%" for column "%"', kind, col using errcode = '22023',
        hint = '"unit" belongs to text, "function" to custom';
    end if;
    -- The type below a domain.
    select case when t.typtype = 'd' then t.typbasetype else t.oid end as oid, case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as typmod
      into type from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = rel and a.attname = col;
    case kind
      when 'latest' then
        if type.oid not in ('timestamptz'::regtype, 'timestamp'::regtype) then
          raise exception 'convoy: rule "latest" needs a timestamp, column "%" is none', col using errcode = '42804';
        end if;
      when 'text' then
        -- A merged text is longer than either side's; a limit would refuse what nobody wrote.
        if type.oid not in ('text'::regtype, 'varchar'::regtype) or type.typmod <> -1 then
          raise exception 'convoy: rule "text" needs a text without a limit, column "%" is none', col using errcode = '42804';
        elsif coalesce(given ->> 'unit', '') not in ('word', 'line') and given ? 'unit' then
          raise exception 'convoy: unknown unit "%" of column "%"', given ->> 'unit', col using errcode = '22023', hint = 'word or line';
        end if;
        given := '{"unit": "word"}' || given;
      when 'counter' then
        -- Floating-point numbers do not add up the same in every order.
        if type.oid not in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype) then
          raise exception 'convoy: rule "counter" needs an integer or numeric, column "%" is none', col using errcode = '42804';
        end if;
      when 'set' then
        if type.oid <> 'jsonb'::regtype and not exists (select 1 from pg_type t where t.oid = type.oid and t.typcategory = 'A') then
          raise exception 'convoy: rule "set" needs a jsonb or an array, column "%" is none', col using errcode = '42804';
        end if;
      when 'custom' then
        select p.* into f from pg_proc p
         where p.oid = to_regprocedure(nullif(given ->> 'function', '') || '(jsonb, jsonb, jsonb)') and p.prorettype = 'jsonb'::regtype and not p.proretset;
        if f.oid is null then
          raise exception 'convoy: column "%" needs a function %(base jsonb, client jsonb, server jsonb) returning jsonb',
            col, coalesce(given ->> 'function', '…') using errcode = '42883', hint = 'name it with its schema: {"rule": "custom", "function": "public.f"}';
        end if;
        given := given || jsonb_build_object('function', format('%I.%I', f.pronamespace::regnamespace::text, f.proname));
      else
        null;
    end case;
    result := result || jsonb_build_object(col, given);
  end loop;
  return result;
end $$;

-- Which columns of a table follow the clock: a condition on `name`, or null if none do. Columns may be added later, so it is about names.
create or replace function convoy.clocked_condition(t convoy.tables)
returns text language sql immutable set search_path = '' as $$
  select case when t.conflict = 'last_write_wins'
    then format('not name = any (%L::text[])', array(select r.key from jsonb_each(t.rules) r where r.value ->> 'rule' <> 'last_write_wins') || t.pk::text)
    else (select format('name = any (%L::text[])', array_agg(r.key)) from jsonb_each(t.rules) r
           where r.value ->> 'rule' = 'last_write_wins' having count(*) > 0) end
$$;

-- 4. The clock --------------------------------------------------------------------------------------------------------------
-- A stamp is a hybrid logical time: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.

create or replace function convoy.hlc_now(ahead interval default '0')
returns bigint language sql volatile set search_path = '' as $$
  select floor(extract(epoch from clock_timestamp() + ahead) * 1000)::bigint << 16
$$;

-- Whose write this is, and of when. convoy_push says so in a setting of the transaction, for one row: `id` and the columns whose stamps
-- advance even if the value stays. Anybody else writes now.
create or replace function convoy.writer(out hlc bigint, out client uuid, out tbl smallint, out id text, out columns text[])
language plpgsql volatile set search_path = '' as $$
declare
  said jsonb := nullif(current_setting('convoy.write', true), '')::jsonb;
begin
  if said is null then
    hlc := convoy.hlc_now();
    client := '00000000-0000-0000-0000-000000000000';
    return;
  end if;
  hlc := least((said ->> 'hlc')::bigint, convoy.hlc_now('60 s') | 65535);
  client := said ->> 'client';
  tbl := said ->> 'tbl';
  id := said ->> 'id';
  columns := array(select jsonb_array_elements_text(said -> 'columns'));
end $$;

-- A value that replaces another is stamped later than it, whatever the clocks said.
create or replace function convoy.advanced(old convoy.stamp, written jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select old.columns || jsonb_object_agg(w.key,
    case when (w.value ->> 0)::bigint > q.hlc or ((w.value ->> 0)::bigint = q.hlc and (w.value ->> 1)::uuid > q.client) then w.value
         else jsonb_build_array(q.hlc + 1, w.value -> 1) end)
    from jsonb_each(written) w
   cross join lateral (select coalesce((old.columns -> w.key ->> 0)::bigint, old.hlc) as hlc,
                              coalesce((old.columns -> w.key ->> 1)::uuid, old.client) as client) q
$$;

-- 5. The generated functions --------------------------------------------------------------------------------------------

-- Where a row lies, as an expression over `b` (the row) and `p` (its parent's log entry). Null: the parent is unknown.
create or replace function convoy.home_expression(t convoy.tables)
returns text language sql stable set search_path = '' as $$
  select case
    when t.scope_col is null and t.via_col is null then format('%L::uuid', g)
    when t.via_col is null then format('coalesce(b.%I, %L::uuid)', t.scope_col, g)
    when t.scope_col is null then format('case when b.%I is null then %L::uuid else p.scope end', t.via_col, g)
    else format('coalesce(b.%I, case when b.%I is null then %L::uuid else p.scope end)', t.scope_col, t.via_col, g)
  end from (select '00000000-0000-0000-0000-000000000000'::text as g) q
$$;

create or replace function convoy.generate(tbl smallint)
returns void language plpgsql security definer set search_path = '' as $$
declare
  t convoy.tables;
  parent convoy.tables;
  lock_parents text := '';
  join_parent text := '';
  wait text := '';
  clocked text;
  on_insert text := ''; on_update text := ''; on_delete text := ''; on_truncate text := '';
begin
  select * into strict t from convoy.tables x where x.id = tbl;
  if t.via_tbl is not null then
    select * into strict parent from convoy.tables x where x.id = t.via_tbl;
    lock_parents := format($f$
  -- A parent that is being moved has its row locked: wait until it is done, then see where it went.
  perform 1 from %1$s p where p.%2$I in (select b.%3$I from %4$s b where b.%5$I = any (ids)) order by p.%2$I for key share;
  -- A transaction with an old snapshot would not see where; this makes it fail and be run again.
  if current_setting('transaction_isolation') <> 'read committed' then
    perform 1 from convoy.log p where p.tbl = %6$s and not p.dead
       and p.pk in (select b.%3$I::text from %4$s b where b.%5$I = any (ids)) for share;
  end if;
$f$, parent.rel, parent.pk, t.via_col, t.rel, t.pk, parent.id);
    join_parent := format('left join convoy.log p on p.tbl = %s and p.pk = b.%I::text and not p.dead', parent.id, t.via_col);
    wait := format($f$
  delete from convoy.limbo m using unnest(keys, homes, here) k (pk, home, here)
   where m.tbl = %1$s and m.pk = k.pk and (k.home is not null or not k.here);
  insert into convoy.limbo (tbl, pk)
  select %1$s, k.pk from unnest(keys, homes, here) k (pk, home, here) where k.here and k.home is null
  on conflict do nothing;
$f$, t.id);
  end if;

  execute format($f$
    create or replace function convoy.place_%1$s(ids %2$s[], touch boolean, held boolean)
    returns void language plpgsql security definer set search_path = '' as $body$
declare
  keys text[];
  homes uuid[];
  here boolean[];
  moved %2$s[];
  parent boolean;
begin
  -- Whoever writes a row holds its lock until its place is written too. Who comes by another way (a parent that moves)
  -- takes the lock first, or two could place one row at the same time.
  if not held then
    perform 1 from %6$s b where b.%4$I = any (ids) order by b.%4$I for no key update;
  end if;
%3$s
  select array_agg(k.id::text), array_agg(case when b.%4$I is not null then %5$s end), array_agg(b.%4$I is not null)
    into keys, homes, here
    from (select distinct u.id from unnest(ids) u (id) where u.id is not null) k
    left join %6$s b on b.%4$I = k.id
    %7$s;
  if keys is null then
    return;
  end if;

  -- Rows leave the scope where they are not any more …
  with gone as (
    update convoy.log l set dead = true, dead_at = now(), xid = pg_current_xact_id()
      from unnest(keys, homes, here) k (pk, home, here)
     where l.tbl = %1$s and l.pk = k.pk and not l.dead and l.scope is distinct from k.home
    returning l.pk, k.here)
  select array_agg(g.pk::%2$s) filter (where g.here) into moved from gone g;

  -- … and are in the one where they are. Without `touch`, only the place may have changed.
  insert into convoy.log as l (scope, tbl, pk, xid)
  select k.home, %1$s, k.pk, pg_current_xact_id() from unnest(keys, homes) k (pk, home) where k.home is not null
  on conflict (scope, tbl, pk) do update set xid = excluded.xid, dead = false, dead_at = null
    where touch or l.dead;
%8$s
  select true into parent from convoy.tables c where c.via_tbl = %1$s limit 1;
  if parent is null then
    return;
  end if;
  if moved is not null then
    -- Whoever adds a child right now holds this row's key lock: wait for them, so that their child is seen here.
    perform 1 from %6$s b where b.%4$I = any (moved) order by b.%4$I for update;
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'convoy: a row with children moves to another scope only in a READ COMMITTED transaction'
        using errcode = '25001';
    end if;
    perform convoy.place_children(%1$s::smallint, moved::text[]);
  end if;
  perform convoy.place_waiting(w.tbl)
     from (select distinct m.tbl from convoy.limbo m join convoy.tables c on c.id = m.tbl and c.via_tbl = %1$s) w;
end $body$ $f$, t.id, t.pk_type, lock_parents, t.pk, convoy.home_expression(t), t.rel, join_parent, wait);

  clocked := convoy.clocked_condition(t);
  if clocked is not null then
    on_insert := format($f$
    insert into convoy.stamp as s (tbl, pk, hlc, client)
    select %1$s, n.%2$I::text, w.hlc, w.client from new_rows n, convoy.writer() w
    on conflict (tbl, pk) do update set hlc = excluded.hlc, client = excluded.client, columns = '{}';$f$, t.id, t.pk);
    on_update := format($f$
    insert into convoy.stamp as s (tbl, pk, hlc, client, columns)
    select %1$s, n.%2$I::text, 0, w.client, q.columns
      from new_rows n join old_rows o on o.%2$I = n.%2$I cross join convoy.writer() w
     cross join lateral (
       select jsonb_object_agg(c.name, jsonb_build_array(w.hlc, w.client)) as columns from jsonb_each(to_jsonb(n.*)) c (name, value)
        where (%3$s) and (to_jsonb(o.*) -> c.name is distinct from c.value
                          or (w.tbl = %1$s and w.id = n.%2$I::text and c.name = any (w.columns)))) q
     where q.columns is not null
    on conflict (tbl, pk) do update set columns = convoy.advanced(s, excluded.columns);
    -- A row whose key changed is another row.
    delete from convoy.stamp s using old_rows o
     where s.tbl = %1$s and s.pk = o.%2$I::text and not exists (select 1 from new_rows n where n.%2$I = o.%2$I);
    insert into convoy.stamp as s (tbl, pk, hlc, client)
    select %1$s, n.%2$I::text, w.hlc, w.client from new_rows n, convoy.writer() w
     where not exists (select 1 from old_rows o where o.%2$I = n.%2$I)
    on conflict (tbl, pk) do update set hlc = excluded.hlc, client = excluded.client, columns = '{}';$f$, t.id, t.pk, clocked);
    on_delete := format($f$
    delete from convoy.stamp s using old_rows o where s.tbl = %1$s and s.pk = o.%2$I::text;$f$, t.id, t.pk);
    on_truncate := format($f$
    delete from convoy.stamp s where s.tbl = %1$s;$f$, t.id);
  else
    delete from convoy.stamp s where s.tbl = t.id;
  end if;

  execute format($f$
    create or replace function convoy.changed_%1$s()
    returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  ids %2$s[];
begin
  if tg_op = 'INSERT' then
    select array_agg(n.%3$I) into ids from new_rows n;%4$s
  elsif tg_op = 'UPDATE' then
    -- Both sides: a key may have changed.
    select array_agg(u.id) into ids from (select n.%3$I as id from new_rows n union select o.%3$I from old_rows o) u;%5$s
  elsif tg_op = 'DELETE' then
    select array_agg(o.%3$I) into ids from old_rows o;%6$s
  else
    update convoy.log l set dead = true, dead_at = now(), xid = pg_current_xact_id() where l.tbl = %1$s and not l.dead;
    delete from convoy.limbo m where m.tbl = %1$s;%7$s
  end if;
  if ids is not null then
    perform convoy.place_%1$s(ids, true, true);
  end if;
  return null;
end $body$ $f$, t.id, t.pk_type, t.pk, on_insert, on_update, on_delete, on_truncate);

  -- ALWAYS: also for sessions that replay somebody else's changes (session_replication_role = replica).
  execute format($f$
    drop trigger if exists convoy_insert on %1$s;
    drop trigger if exists convoy_update on %1$s;
    drop trigger if exists convoy_delete on %1$s;
    drop trigger if exists convoy_truncate on %1$s;
    create trigger convoy_insert after insert on %1$s referencing new table as new_rows
      for each statement execute function convoy.changed_%2$s();
    create trigger convoy_update after update on %1$s referencing old table as old_rows new table as new_rows
      for each statement execute function convoy.changed_%2$s();
    create trigger convoy_delete after delete on %1$s referencing old table as old_rows
      for each statement execute function convoy.changed_%2$s();
    create trigger convoy_truncate after truncate on %1$s
      for each statement execute function convoy.changed_%2$s();
    alter table %1$s enable always trigger convoy_insert;
    alter table %1$s enable always trigger convoy_update;
    alter table %1$s enable always trigger convoy_delete;
    alter table %1$s enable always trigger convoy_truncate;
    revoke execute on function convoy.changed_%2$s() from public, anon, authenticated;
    revoke execute on function convoy.place_%2$s(%3$s[], boolean, boolean) from public, anon, authenticated;
  $f$, t.rel, t.id, t.pk_type);
end $$;

-- 6. Audit --------------------------------------------------------------------------------------------------------------
-- Triggers can be switched off, and then the log is wrong. Compares it with the tables, and with `repair` corrects it.
--   missing: a row the log does not know;  extra: a logged row that is gone;  scope: a row logged in another scope

create or replace function convoy.audit(rel regclass default null, repair boolean default false)
returns table ("table" text, problem text, id text) language plpgsql security definer set search_path = '' as $$
declare
  t convoy.tables;
  bad text[];
  problems text[];
begin
  -- Parents first: a child's place follows from its parent's log entry.
  for t in select x.* from convoy.tables x join pg_class c on c.oid = x.rel
            where x.rel = coalesce(audit.rel, x.rel) order by x.id loop
    if repair then
      execute format('lock table %s in share row exclusive mode', t.rel);
    end if;
    execute format($f$
      select array_agg(q.pk), array_agg(q.problem) from (
        select coalesce(l.pk, b.%1$I::text) as pk,
               case when l.pk is null then 'missing' when b.%1$I is null then 'extra' else 'scope' end as problem
          from %2$s b %3$s
          full join (select g.pk, g.scope from convoy.log g where g.tbl = %4$s and not g.dead) l on l.pk = b.%1$I::text
         where l.pk is null or b.%1$I is null or l.scope is distinct from %5$s) q
    $f$, t.pk, t.rel,
      case when t.via_tbl is null then ''
           else format('left join convoy.log p on p.tbl = %s and p.pk = b.%I::text and not p.dead', t.via_tbl, t.via_col) end,
      t.id, convoy.home_expression(t)) into bad, problems;
    if repair then
      execute format('select convoy.place_%s($1::%s[], true, true)', t.id, t.pk_type) using bad;
    end if;
    return query select t.name, u.problem, u.id from unnest(bad, problems) u (id, problem);
  end loop;
end $$;

-- 7. Turning sync on and off ----------------------------------------------------------------------------------------------

drop function if exists convoy.enable(regclass, name, name, text, jsonb, text[]);
create or replace function convoy.enable(rel regclass, scope_column name default null, scope_via name default null,
                                         conflict text default 'merge', columns jsonb default '{}',
                                         readonly text[] default '{}', on_delete text default 'delete_wins')
returns void language plpgsql security definer set search_path = '' as $$
declare
  class pg_class;
  wire text;
  key_columns int;
  key name;
  key_type text;
  col text;
  parent smallint;
  column_rules jsonb;
  this smallint;
  batch text[];
begin
  -- What cannot be synced is refused before anything is touched.
  select * into class from pg_class c where c.oid = rel;
  if class.relkind = 'p' or class.relispartition then
    raise exception 'convoy: % is partitioned; statement triggers do not see writes to a partition', rel using errcode = '0A000';
  elsif class.relkind <> 'r' then
    raise exception 'convoy: % is not a table', rel using errcode = '42809';
  elsif class.relpersistence = 't' or class.relnamespace in ('convoy'::regnamespace, 'pg_catalog'::regnamespace) then
    raise exception 'convoy: % cannot be synced', rel using errcode = '42809';
  end if;
  wire := case when class.relnamespace = 'public'::regnamespace then class.relname::text
               else class.relnamespace::regnamespace::text || '.' || class.relname end;

  select i.indnkeyatts, a.attname, format_type(a.atttypid, null) into key_columns, key, key_type
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
   where i.indrelid = rel and i.indisprimary;
  if key_columns is distinct from 1 then
    raise exception 'convoy: % needs a primary key of one column', rel using errcode = '0A000';
  end if;

  if conflict is null or conflict not in ('merge', 'server_wins', 'client_wins', 'last_write_wins', 'manual', 'append_only', 'read_only') then
    raise exception 'convoy: unknown conflict rule "%"', conflict using errcode = '22023',
      hint = 'merge, server_wins, client_wins, last_write_wins, manual, append_only or read_only';
  elsif on_delete is null or on_delete not in ('delete_wins', 'resurrect') then
    raise exception 'convoy: unknown rule for deletions "%"', on_delete using errcode = '22023', hint = 'delete_wins or resurrect';
  end if;

  for col in select unnest(array[scope_column, scope_via]::text[] || readonly) union all select jsonb_object_keys(coalesce(columns, '{}')) loop
    if col is not null and not exists (select 1 from pg_attribute a
         where a.attrelid = rel and a.attname = col and a.attnum > 0 and not a.attisdropped) then
      raise exception 'convoy: % has no column "%"', rel, col using errcode = '42703';
    end if;
  end loop;
  column_rules := convoy.checked_rules(rel, columns);
  -- Two edits of different columns both set updated_at; that alone is not a conflict anybody wants to hear of.
  if not column_rules ? 'updated_at' and exists (select 1 from pg_attribute a where a.attrelid = rel
       and a.attname = 'updated_at' and a.atttypid = 'timestamptz'::regtype and not a.attisdropped) then
    column_rules := column_rules || '{"updated_at": {"rule": "latest"}}';
  end if;

  if scope_column is not null and not exists (select 1 from pg_attribute a where a.attrelid = rel
       and a.attname = scope_column and a.atttypid = 'uuid'::regtype) then
    raise exception 'convoy: scope column "%" of % must be a uuid', scope_column, rel using errcode = '42804';
  end if;
  -- Tables that were dropped meanwhile.
  update convoy.tables x set via_tbl = null, via_col = null
   where not exists (select 1 from pg_class c join convoy.tables p on p.rel = c.oid where p.id = x.via_tbl);
  delete from convoy.tables x where not exists (select 1 from pg_class c where c.oid = x.rel);
  delete from convoy.log l where not exists (select 1 from convoy.tables x where x.id = l.tbl);
  delete from convoy.stamp s where not exists (select 1 from convoy.tables x where x.id = s.tbl);
  if scope_via is not null then
    -- A foreign key guarantees that a parent exists, and so that every row has a place.
    select p.id into parent
      from pg_constraint f join convoy.tables p on p.rel = f.confrelid
      join pg_attribute own on own.attrelid = f.conrelid and own.attnum = f.conkey[1]
      join pg_attribute their on their.attrelid = f.confrelid and their.attnum = f.confkey[1]
     where f.conrelid = enable.rel and f.contype = 'f' and cardinality(f.conkey) = 1
       and own.attname = scope_via and their.attname = p.pk and p.rel <> enable.rel
     limit 1;
    if parent is null then
      raise exception 'convoy: "%" of % is no foreign key to the primary key of a table that is already enabled', scope_via, rel
        using errcode = '42830', hint = 'enable the parent first';
    end if;
  end if;

  -- No writer may slip in between the triggers and the first logging.
  execute format('lock table %s in share row exclusive mode', rel);

  select x.id into this from convoy.tables x where x.rel = enable.rel;
  if this is null then
    insert into convoy.tables (rel, name, pk, pk_type, conflict) values (rel, wire, key, key_type, conflict)
    returning tables.id into this;
  elsif parent > this then
    raise exception 'convoy: % was enabled before its parent; disable it first', rel using errcode = '55000';
  end if;
  update convoy.tables x
     set name = wire, pk = key, pk_type = key_type, scope_col = scope_column, via_col = scope_via, via_tbl = parent,
         conflict = enable.conflict, on_delete = enable.on_delete, rules = column_rules, readonly = coalesce(enable.readonly, '{}'),
         policies = coalesce(x.policies, convoy.policies_of(enable.rel))
   where x.id = this;
  perform convoy.generate(this);

  -- Log what is already there. In batches, so that a large table does not have to fit into one array.
  for batch in execute format(
      'select array_agg(q.id::text) from (select b.%I as id, row_number() over () / 10000 as n from %s b) q group by q.n',
      key, rel) loop
    execute format('select convoy.place_%s($1::%s[], false, true)', this, key_type) using batch;
  end loop;
end $$;

create or replace function convoy.disable(rel regclass)
returns void language plpgsql security definer set search_path = '' as $$
declare
  t convoy.tables;
begin
  select * into t from convoy.tables x where x.rel = disable.rel;
  if t.id is null then
    return;
  end if;
  if exists (select 1 from convoy.tables x where x.via_tbl = t.id) then
    raise exception 'convoy: other tables take their scope from %', rel
      using errcode = '2BP01', hint = 'disable them first: ' || (select string_agg(x.name, ', ') from convoy.tables x where x.via_tbl = t.id);
  end if;
  execute format('drop trigger if exists convoy_insert on %1$s; drop trigger if exists convoy_update on %1$s;
                  drop trigger if exists convoy_delete on %1$s; drop trigger if exists convoy_truncate on %1$s', rel);
  execute format('drop function if exists convoy.changed_%1$s(); drop function if exists convoy.place_%1$s(%2$s[], boolean, boolean)',
                 t.id, t.pk_type);
  delete from convoy.limbo m where m.tbl = t.id;
  delete from convoy.log l where l.tbl = t.id;
  delete from convoy.stamp s where s.tbl = t.id;
  delete from convoy.tables x where x.id = t.id;
end $$;

-- 8. Upgrade: functions made by an older version are made anew -----------------------------------------------------------

-- Whatever a caller may run is granted by name below and in the files that follow.
revoke execute on all functions in schema convoy from public, anon;
do $$
begin
  perform convoy.rebuild_scopes();
  perform convoy.generate(t.id) from (select x.id from convoy.tables x join pg_class c on c.oid = x.rel order by x.id) t;
end $$;
