-- Convoy: does a device hold what the server would show it? convoy_verify answers with hashes, then with buckets of hashes, then with the
-- rows of the buckets that differ. docs/design/sync-protocol.md is the contract, and says what is hashed to the byte.
--
-- STABLE: the question whether the device is up to date and the hashes belong to one snapshot. Runs as the caller, so a row that Row
-- Level Security hides does not count. That makes it the safety net for policies that changed without a word.

-- Is there a change in this scope of the caller's that the cursor does not know?
create or replace function convoy.is_behind(of_scope uuid, base pg_snapshot)
returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select 1 from convoy.log l
                  where l.scope = of_scope and of_scope in (select m.scope from convoy.my_scopes() m)
                    and l.xid >= pg_snapshot_xmin(base) and not pg_visible_in_snapshot(l.xid, base))
$$;

-- The ids of one table in one scope of the caller's, in their order.
create or replace function convoy.ids_of(of_scope uuid, of_tbl smallint, after_pk text, max_rows int)
returns text[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(q.pk order by q.pk), '{}')
    from (select l.pk from convoy.log l
           where l.scope = of_scope and of_scope in (select m.scope from convoy.my_scopes() m)
             and l.tbl = of_tbl and l.pk > after_pk and not l.dead
           order by l.pk limit max_rows) q
$$;

create or replace function convoy.bucket_of(pk text)
returns int language sql immutable set search_path = '' as $$
  select get_byte(sha256(convert_to(pk, 'UTF8')), 0)
$$;

-- SQL for the text that is hashed for row `x` with the id `k.pk`. A value is written as it travels; what a device cannot tell from
-- null is null (the `null` of a document, NaN of a floating-point number), and a decimal has no zeros at its end.
create or replace function convoy.hashed_expression(tbl smallint, names text[])
returns text language sql stable set search_path = '' as $$
  select 'k.pk || E''\n''' || coalesce(string_agg(format(' || coalesce(%s, ''null'') || E''\n''',
           case when c.type in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'bool'::regtype) then format('x.%I::text', u.name)
                when c.type = 'uuid'::regtype then format('''"'' || x.%I || ''"''', u.name)
                when c.type in ('float4'::regtype, 'float8'::regtype) then format('to_jsonb(nullif(x.%I, ''NaN''))::text', u.name)
                when c.type = 'numeric'::regtype then format('to_jsonb(trim_scale(x.%I))::text', u.name)
                else format('to_jsonb(x.%I)::text', u.name) end), '' order by u.i), '')
    from unnest(names) with ordinality u (name, i)
    join convoy.columns_of_caller() c on c.tbl = hashed_expression.tbl and c.name = u.name
$$;

-- Rows and hash of each bucket of one table in one scope. In portions, so that a large scope does not have to fit into memory.
create or replace function convoy.hash_buckets(of_scope uuid, of_tbl smallint, names text[])
returns table (bucket int, row_count bigint, hash bigint) language plpgsql stable set search_path = '' as $$
declare
  t convoy.tables;
  query text;
  ids text[];
  after_pk text := '';
  counts bigint[] := array_fill(0::bigint, array[256]);
  hashes bigint[] := array_fill(0::bigint, array[256]);
  part record;
begin
  select * into strict t from convoy.tables x where x.id = of_tbl;
  -- The keys reach the table typed: see rows_of.
  query := format($f$
    select get_byte(sha256(convert_to(h.pk, 'UTF8')), 0) as bucket, count(*) as n,
           bit_xor(('x' || left(encode(sha256(convert_to(h.content, 'UTF8')), 'hex'), 16))::bit(64)::bigint) as hash
      from (select k.pk, %s as content from unnest($1, $1::%s[]) k (pk, id) join %s x on x.%I = k.id) h
     group by 1$f$, convoy.hashed_expression(of_tbl, names), t.pk_type, t.rel, t.pk);
  loop
    ids := convoy.ids_of(of_scope, of_tbl, after_pk, 20000);
    for part in execute query using ids loop
      counts[part.bucket + 1] := counts[part.bucket + 1] + part.n;
      hashes[part.bucket + 1] := hashes[part.bucket + 1] # part.hash;
    end loop;
    exit when cardinality(ids) < 20000;
    after_pk := ids[20000];
  end loop;
  return query select (u.i - 1)::int, u.n, u.h from unnest(counts, hashes) with ordinality u (n, h, i) where u.n > 0;
end $$;

create or replace function convoy.hex_of(hash bigint)
returns text language sql immutable set search_path = '' as $$ select lpad(to_hex(coalesce(hash, 0)), 16, '0') $$;

create or replace function public.convoy_verify(req jsonb)
returns jsonb language plpgsql stable security invoker
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set extra_float_digits = 1
set bytea_output = 'hex' as $$
declare
  session record;
  client uuid; epoch uuid; of_scope uuid; base pg_snapshot; visibility text;
  of_table text; buckets int[];
  wanted jsonb; names text[];
  sees text;
  t record;
  ids text[]; found text[] := '{}';
  after_pk text := '';
  tables jsonb := '[]';
  answer jsonb;
begin
  req := convoy.opened(req);
  begin
    client := req ->> 'client';
    epoch := req ->> 'epoch';
    of_scope := req ->> 'scope';
    base := req ->> 'base';
    visibility := req ->> 'visibility';
    wanted := req -> 'columns';
    of_table := req ->> 'table';
    buckets := array(select jsonb_array_elements_text(nullif(req -> 'buckets', 'null'))::int);
  exception when data_exception then
    perform convoy.refuse('CV009', 'convoy: malformed request: ' || sqlerrm);
  end;
  if client is null or epoch is null or of_scope is null or base is null or jsonb_typeof(wanted) is distinct from 'object'
     or exists (select 1 from jsonb_each(wanted) w where jsonb_typeof(w.value) <> 'array')
     or (of_table is not null and not wanted ? of_table)
     or (buckets <> '{}' and (of_table is null or not 0 <= all (buckets) or not 255 >= all (buckets))) then
    perform convoy.refuse('CV009', 'convoy: malformed request');
  end if;

  session := convoy.session(client);
  if epoch <> session.epoch then
    return jsonb_build_object('status', 'reset', 'protocol', 1, 'reason', 'epoch', 'epoch', session.epoch);
  elsif pg_snapshot_xmin(base) <= session.horizon then
    return jsonb_build_object('status', 'reset', 'protocol', 1, 'reason', 'horizon', 'epoch', session.epoch);
  elsif pg_snapshot_xmax(base) > pg_snapshot_xmax(session.snapshot) then
    return jsonb_build_object('status', 'stale', 'protocol', 1, 'epoch', session.epoch);
  end if;
  select m.visibility into sees from convoy.my_scopes() m where m.scope = of_scope;
  answer := jsonb_build_object('status', 'ok', 'protocol', 1, 'epoch', session.epoch, 'scope', of_scope, 'visibility', sees, 'behind', true);
  if sees is distinct from visibility or sees is null or convoy.is_behind(of_scope, base) then
    return answer;
  end if;
  answer := answer || '{"behind": false}';

  for t in select c.id, c.name, c.names from convoy.catalog() c
            where wanted ? c.name and c.name = coalesce(of_table, c.name) order by c.id loop
    names := array(select jsonb_array_elements_text(wanted -> t.name));
    -- A device with an older schema learns of the new one by its next pull.
    continue when not names <@ t.names;
    if buckets <> '{}' then
      loop
        ids := convoy.ids_of(of_scope, t.id, after_pk, 20000);
        found := found || array(select u.pk from unnest(ids) u (pk) where convoy.bucket_of(u.pk) = any (buckets));
        if cardinality(found) > 5000 then
          return answer || '{"too_many": true, "changes": []}';
        end if;
        exit when cardinality(ids) < 20000;
        after_pk := ids[20000];
      end loop;
      return answer || jsonb_build_object('changes', case when found = '{}' then '[]'
        else convoy.rows_of(array_fill(t.id, array[cardinality(found)]), found, array_fill(of_scope, array[cardinality(found)]),
                            array_fill(false, array[cardinality(found)]), false) end);
    elsif of_table is not null then
      return answer || jsonb_build_object('buckets', (
        select coalesce(jsonb_agg(jsonb_build_array(b.bucket, b.row_count, convoy.hex_of(b.hash)) order by b.bucket), '[]')
          from convoy.hash_buckets(of_scope, t.id, names) b));
    end if;
    tables := tables || (select jsonb_build_object('table', t.name, 'rows', coalesce(sum(b.row_count), 0), 'hash', convoy.hex_of(bit_xor(b.hash)))
                           from convoy.hash_buckets(of_scope, t.id, names) b);
  end loop;
  if of_table is not null then
    -- The table went, or this caller may read it no more: the next pull says so.
    return answer || '{"behind": true}';
  end if;
  return answer || jsonb_build_object('tables', tables);
end $$;

revoke execute on all functions in schema convoy from public, anon;
grant execute on function convoy.is_behind(uuid, pg_snapshot), convoy.ids_of(uuid, smallint, text, int), convoy.bucket_of(text),
  convoy.hashed_expression(smallint, text[]), convoy.hash_buckets(uuid, smallint, text[]), convoy.hex_of(bigint) to authenticated;
revoke execute on function public.convoy_verify(jsonb) from public, anon, service_role;
grant execute on function public.convoy_verify(jsonb) to authenticated;
