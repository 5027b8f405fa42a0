-- Convoy: how two edits of one value become one. Pure functions: no table is read and no clock.
-- docs/design/conflicts.md states the rules and the laws they keep.

-- 1. Text ---------------------------------------------------------------------------------------------------------------------

-- Cuts a text into pieces that together are the text again. Words are runs of whatever is neither white space nor ASCII punctuation,
-- compared in one fixed collation, so that every server cuts the same.
create or replace function convoy.tokens(t text, unit text)
returns text[] language sql immutable strict set search_path = '' as $$
  select array(select m.piece[1]
                 from regexp_matches(t collate "C",
                        case unit when 'line' then '[^\n]*\n|[^\n]+'
                                  else '[^\s!-/:-@\[-\^`{-~]+|\r?\n|[ \t]+|.' end, 'g') with ordinality m (piece, i)
                order by m.i)
$$;

-- The differences between two token lists, as four numbers each: tokens [from, to) of `a` became tokens [from, to) of `b`, counted from 0.
-- Neighbouring differences are one, so between any two lies at least one common token.
--   Myers' greedy algorithm on what common beginning and end leave over. Beyond `max_cost` changed tokens the rest counts as one
-- difference: coarser than it could be, and still right.
create or replace function convoy.diff(a text[], b text[], max_cost int default 400)
returns int[] language plpgsql immutable strict set search_path = '' as $$
declare
  n int := cardinality(a);
  m int := cardinality(b);
  head int := 0;
  reached int[] := '{}';       -- how far into `a` d changes lead on each diagonal: for d, the d + 1 entries from d (d + 1) / 2 on
  row_before int; this_row int;
  d int; i int; k int;
  x int; y int;
  before_x int; before_y int;
  from_x int; to_x int; from_y int; to_y int;    -- the difference that is being collected, from its end
  result int[] := '{}';
begin
  while head < n and head < m and a[head + 1] = b[head + 1] loop
    head := head + 1;
  end loop;
  while n > head and m > head and a[n] = b[m] loop
    n := n - 1;
    m := m - 1;
  end loop;
  n := n - head;
  m := m - head;
  if n = 0 and m = 0 then
    return '{}';
  elsif n = 0 or m = 0 then
    return array[head, head + n, head, head + m];
  end if;

  d := -1;
  <<search>>
  loop
    d := d + 1;
    if d > max_cost then
      return array[head, head + n, head, head + m];
    end if;
    row_before := d * (d - 1) / 2 + 1;
    this_row := d * (d + 1) / 2 + 1;
    for i in 0 .. d loop
      k := 2 * i - d;
      if d = 0 then
        x := 0;
      elsif i = 0 or (i < d and reached[row_before + i - 1] < reached[row_before + i]) then
        x := reached[row_before + i];              -- a token of `b` more
      else
        x := reached[row_before + i - 1] + 1;      -- a token of `a` less
      end if;
      y := x - k;
      while x < n and y < m and a[head + x + 1] = b[head + y + 1] loop
        x := x + 1;
        y := y + 1;
      end loop;
      reached[this_row + i] := x;
      exit search when x >= n and y >= m;
    end loop;
  end loop;

  -- Back along the way that was found.
  i := (n - m + d) / 2;
  x := n;
  y := m;
  while d > 0 loop
    row_before := d * (d - 1) / 2 + 1;
    k := 2 * i - d;
    if i = 0 or (i < d and reached[row_before + i - 1] < reached[row_before + i]) then
      before_x := reached[row_before + i];
      before_y := before_x - k - 1;
      x := before_x;
      y := before_y + 1;
    else
      i := i - 1;
      before_x := reached[row_before + i];
      before_y := before_x - k + 1;
      x := before_x + 1;
      y := before_y;
    end if;
    if x = from_x and y = from_y then
      from_x := before_x;
      from_y := before_y;
    else
      if from_x is not null then
        result := array[head + from_x, head + to_x, head + from_y, head + to_y] || result;
      end if;
      from_x := before_x;
      from_y := before_y;
      to_x := x;
      to_y := y;
    end if;
    d := d - 1;
  end loop;
  return array[head + from_x, head + to_x, head + from_y, head + to_y] || result;
end $$;

-- What both made of `base`, or null where they changed the same place, or places without a token between them, differently.
create or replace function convoy.merge_text(base text, client text, server text, unit text default 'word')
returns text language plpgsql immutable set search_path = '' as $$
declare
  a text[]; b text[]; o text[];
  da int[]; db int[];
  i int := 1; j int := 1;
  done int := 0;               -- tokens of the base that are settled
  merged text := '';
begin
  if client = server or client = base then
    return server;
  elsif server = base then
    return client;
  elsif base is null or client is null or server is null or greatest(length(base), length(client), length(server)) > 100000 then
    return null;
  end if;
  o := convoy.tokens(base, unit);
  a := convoy.tokens(client, unit);
  b := convoy.tokens(server, unit);
  da := convoy.diff(o, a);
  db := convoy.diff(o, b);

  while i <= cardinality(da) or j <= cardinality(db) loop
    if i <= cardinality(da) and j <= cardinality(db) and da[i] <= db[j + 1] and db[j] <= da[i + 1] then
      if da[i] <> db[j] or da[i + 1] <> db[j + 1] or a[da[i + 2] + 1 : da[i + 3]] <> b[db[j + 2] + 1 : db[j + 3]] then
        return null;
      end if;
      j := j + 4;              -- Both did the same: the next branch takes it once.
      merged := merged || array_to_string(o[done + 1 : da[i]] || a[da[i + 2] + 1 : da[i + 3]], '');
      done := da[i + 1];
      i := i + 4;
    elsif j > cardinality(db) or (i <= cardinality(da) and da[i] < db[j]) then
      merged := merged || array_to_string(o[done + 1 : da[i]] || a[da[i + 2] + 1 : da[i + 3]], '');
      done := da[i + 1];
      i := i + 4;
    else
      merged := merged || array_to_string(o[done + 1 : db[j]] || b[db[j + 2] + 1 : db[j + 3]], '');
      done := db[j + 1];
      j := j + 4;
    end if;
  end loop;
  return merged || array_to_string(o[done + 1 :], '');
end $$;

-- 2. Numbers and sets -----------------------------------------------------------------------------------------------------------

-- Both changes count. Null if one of the three is no number.
create or replace function convoy.merge_counter(base jsonb, client jsonb, server jsonb)
returns jsonb language sql immutable set search_path = '' as $$
  select case when jsonb_typeof(base) = 'number' and jsonb_typeof(client) = 'number' and jsonb_typeof(server) = 'number'
    then to_jsonb(server::numeric + (client::numeric - base::numeric)) end
$$;

-- The server's elements in their order, without those the client took away, then those the client added. No array (null) has no elements;
-- anything else is no set, and neither is an array of arrays.
create or replace function convoy.merge_set(base jsonb, client jsonb, server jsonb)
returns jsonb language plpgsql immutable set search_path = '' as $$
declare
  side jsonb;
begin
  if client = server or client = base then
    return server;
  elsif server = base then
    return client;
  end if;
  base := coalesce(nullif(base, 'null'), '[]');
  client := coalesce(nullif(client, 'null'), '[]');
  server := coalesce(nullif(server, 'null'), '[]');
  foreach side in array array[base, client, server] loop
    if jsonb_typeof(side) <> 'array' or jsonb_path_exists(side, 'strict $[*] ? (@.type() == "array")') then
      return null;
    end if;
  end loop;
  return (
    select coalesce(jsonb_agg(e.value order by e.part, e.i), '[]') from (
      select 1 as part, s.i, s.value from jsonb_array_elements(server) with ordinality s (value, i)
       where not exists (select 1 from jsonb_array_elements(base) b where b.value = s.value)
          or exists (select 1 from jsonb_array_elements(client) c where c.value = s.value)
      union all
      select 2, min(c.i), c.value from jsonb_array_elements(client) with ordinality c (value, i)
       where not exists (select 1 from jsonb_array_elements(base) b where b.value = c.value)
         and not exists (select 1 from jsonb_array_elements(server) s where s.value = c.value)
       group by c.value) e);
end $$;

-- 3. By rule --------------------------------------------------------------------------------------------------------------------

-- The one value for a column both sides changed, or null if its rule finds none. A custom function is called as the caller.
create or replace function convoy.merged(rule jsonb, base jsonb, client jsonb, server jsonb)
returns jsonb language plpgsql volatile as $$
declare
  result jsonb;
begin
  case rule ->> 'rule'
    when 'counter' then
      return convoy.merge_counter(base, client, server);
    when 'set' then
      return convoy.merge_set(base, client, server);
    when 'text' then
      return to_jsonb(convoy.merge_text(base #>> '{}', client #>> '{}', server #>> '{}', rule ->> 'unit'));
    when 'custom' then
      execute format('select %s($1, $2, $3)', rule ->> 'function') into result using base, client, server;
      return result;
    else
      return null;
  end case;
end $$;

-- 4. Grants ---------------------------------------------------------------------------------------------------------------------

revoke execute on all functions in schema convoy from public, anon;
grant execute on function convoy.tokens(text, text), convoy.diff(text[], text[], int), convoy.merge_text(text, text, text, text),
  convoy.merge_counter(jsonb, jsonb, jsonb), convoy.merge_set(jsonb, jsonb, jsonb), convoy.merged(jsonb, jsonb, jsonb, jsonb) to authenticated;
