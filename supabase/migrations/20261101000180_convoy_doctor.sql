-- Convoy: what is wrong, or will be. `select * from convoy.doctor()` looks at the project as it is and says what to do about each finding;
-- it changes nothing. Everything it asks is cheap: catalogs, statistics and small samples.
--   error: rows are lost, or seen by the wrong people;  warning: slow, or wrong soon;  note: worth knowing

create or replace function convoy.doctor(old interval default '15 minutes')
returns table ("check" text, severity text, subject text, message text, fix text)
language plpgsql stable security definer set search_path = '' as $$
declare
  t convoy.tables;
  here record;
  missing text[];
  n bigint;
  share real;
begin
  -- 1. The server ---------------------------------------------------------------------------------------------------------
  select * into here from convoy.server();
  return query select 'restored', 'error', 'server', 'this server was restored or cloned; no device may sync until its owner agrees',
                      'select convoy.after_restore()'
    from convoy.meta m where m.sysid is distinct from here.sysid or (m.timeline is distinct from here.timeline and not pg_is_in_recovery());

  return query select 'statement_timeout', 'warning', 'role authenticated', format('its statement_timeout is %s; a push may need 5 seconds', q.value),
                      'alter role authenticated set statement_timeout = ''8s'''
    from (select split_part(s.setting, '=', 2) as value
            from pg_db_role_setting r cross join unnest(r.setconfig) s (setting)
           where r.setrole = 'authenticated'::regrole and s.setting like 'statement\_timeout=%'
             and r.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
           order by r.setdatabase desc limit 1) q
   where (case when q.value ~ '^\d+$' then q.value || 'ms' else q.value end)::interval > '0'
     and (case when q.value ~ '^\d+$' then q.value || 'ms' else q.value end)::interval < '5 s';

  -- What such a transaction wrote is not lost; but deletions cannot be forgotten, nor dead rows removed, while it is open.
  return query select 'old_transaction', 'warning', 'process ' || a.pid, format('a transaction of %s is open since %s', a.usename, a.xact_start),
                      format('select pg_terminate_backend(%s)', a.pid)
    from pg_stat_activity a where a.backend_xid is not null and a.xact_start < now() - old and a.pid <> pg_backend_pid();
  return query select 'prepared_transaction', 'warning', p.gid, format('a transaction prepared by %s waits since %s', p.owner, p.prepared),
                      format('rollback prepared %L', p.gid)
    from pg_prepared_xacts p where p.prepared < now() - old;

  -- 2. The log --------------------------------------------------------------------------------------------------------------
  return query select 'log_bloat', 'warning', 'convoy.log', format('%s dead rows beside %s live ones; autovacuum does not keep up', s.n_dead_tup, s.n_live_tup),
                      'vacuum (analyze) convoy.log'
    from pg_stat_user_tables s where s.relid = 'convoy.log'::regclass and s.n_dead_tup > 10000 and s.n_dead_tup > s.n_live_tup / 2;
  return query select 'gc_overdue', 'warning', 'convoy.log', format('deletions since %s are still kept; old ones were last forgotten %s', q.dead_at,
                        coalesce((select m.gc_at::text from convoy.meta m), 'never')),
                      'select convoy.gc()'
    from (select l.dead_at from convoy.log l where l.dead order by l.xid limit 1) q where q.dead_at < now() - interval '100 days';

  -- 3. Tables ---------------------------------------------------------------------------------------------------------------
  for t in select x.* from convoy.tables x join pg_class c on c.oid = x.rel order by x.id loop
    return query select 'rls_off', 'error', t.name, 'Row Level Security is off: whoever has the scope sees every row, and grants alone decide who writes',
                        format('alter table %s enable row level security', t.rel)
      from pg_class c where c.oid = t.rel and not c.relrowsecurity;
    return query select 'no_select_policy', 'warning', t.name,
                        'Row Level Security is on and no policy lets authenticated read: no device gets a row', null::text
      from pg_class c where c.oid = t.rel and c.relrowsecurity and not exists (
        select 1 from pg_policy p where p.polrelid = t.rel and p.polcmd in ('r', '*') and p.polpermissive
           and p.polroles && array[0::oid, 'authenticated'::regrole::oid]);
    return query select 'no_grant', 'warning', t.name, 'authenticated has no select on it: no device gets to know it',
                        format('grant select on %s to authenticated', t.rel)
     where not has_any_column_privilege('authenticated', t.rel, 'select');
    return query select 'no_with_check', 'note', t.name, format('policy "%s" has no WITH CHECK: its USING decides about the new row as well', p.polname),
                        format('alter policy %I on %s with check (%s)', p.polname, t.rel, pg_get_expr(p.polqual, p.polrelid))
      from pg_policy p where p.polrelid = t.rel and p.polcmd in ('w', '*') and p.polwithcheck is null;
    return query select 'auth_per_row', 'warning', t.name, format('policy "%s" calls auth.*() for every row; write (select auth.uid())', p.polname), null::text
      from pg_policy p
     where p.polrelid = t.rel
       and regexp_replace(concat(pg_get_expr(p.polqual, p.polrelid), ' ', pg_get_expr(p.polwithcheck, p.polrelid)),
                          'SELECT \(*auth\.(uid|jwt|role|email)\(\)', '', 'g') ~ 'auth\.(uid|jwt|role|email)\(\)';
    return query select 'policy_changed', 'warning', t.name, 'its policies or grants changed, and devices were not told to look again', 'select convoy.bump_policy()'
     where t.policies is distinct from convoy.policies_of(t.rel);

    return query select 'no_index', 'warning', t.name, format('no index begins with "%s"%s', u.col,
                          case when u.col = t.via_col then ': a parent that moves or goes looks at every row' else ', by which policies and moves look' end),
                        format('create index on %s (%I)', t.rel, u.col)
      from unnest(array[t.scope_col, t.via_col]) u (col)
      join pg_attribute a on a.attrelid = t.rel and a.attname = u.col
     where not exists (select 1 from pg_index i where i.indrelid = t.rel and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum);

    missing := array(select e.name from unnest(array['convoy_insert', 'convoy_update', 'convoy_delete', 'convoy_truncate']) e (name)
                      where not exists (select 1 from pg_trigger g where g.tgrelid = t.rel and g.tgname = e.name and g.tgenabled = 'A'));
    if missing <> '{}' then
      return query select 'triggers', 'error', t.name, format('triggers are missing or switched off: %s', array_to_string(missing, ', ')),
                          format('select convoy.generate(%s::smallint); select * from convoy.audit(%L, true)', t.id, t.rel::text);
    end if;

    -- A sample from both sides; convoy.audit compares everything.
    select c.reltuples into share from pg_class c where c.oid = t.rel;
    execute format($f$
      select count(*) from (
        (select 1 from (select b.%1$I::text as pk from %2$s b tablesample system ($1) limit 1000) b
          where not exists (select 1 from convoy.log l where l.tbl = $2 and l.pk = b.pk and not l.dead)
            and not exists (select 1 from convoy.limbo m where m.tbl = $2 and m.pk = b.pk))
        union all
        (select 1 from (select l.pk::%3$s as id from convoy.log l where l.tbl = $2 and not l.dead limit 1000) l
          where not exists (select 1 from %2$s b where b.%1$I = l.id))) q
    $f$, t.pk, t.rel, t.pk_type) into n using least(100, 2000 * 100 / greatest(share, 1)), t.id;
    if n > 0 then
      return query select 'log_differs', 'error', t.name, format('%s rows of a sample are not where the log says', n),
                          format('select * from convoy.audit(%L, true)', t.rel::text);
    end if;

    return query select 'custom_rule', 'error', t.name,
                        format('rule "custom" of column "%s": authenticated cannot call %s(jsonb, jsonb, jsonb)', r.key, r.value ->> 'function'),
                        case when f.oid is not null then format('grant execute on function %s to authenticated', f.oid::regprocedure) end
      from jsonb_each(t.rules) r
      left join lateral (select to_regprocedure((r.value ->> 'function') || '(jsonb, jsonb, jsonb)') as oid) f on true
     where r.value ->> 'rule' = 'custom' and (f.oid is null or not has_function_privilege('authenticated', f.oid, 'execute'));

    -- Who reads such a view reads as its owner.
    return query select distinct 'view', 'error', v.oid::regclass::text,
                        format('it reads "%s" as its owner, past Row Level Security', t.name),
                        case v.relkind when 'v' then format('alter view %s set (security_invoker = true)', v.oid::regclass)
                                       else format('revoke all on %s from anon, authenticated', v.oid::regclass) end
      from pg_depend d
      join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
      join pg_class v on v.oid = w.ev_class and v.relkind in ('v', 'm')
      join pg_roles o on o.oid = v.relowner
      join pg_class c on c.oid = t.rel
     where d.refclassid = 'pg_class'::regclass and d.refobjid = t.rel
       and (o.rolsuper or o.rolbypassrls or (o.oid = c.relowner and not c.relforcerowsecurity))
       and not coalesce(v.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1', 'security_invoker=yes']
       and (has_any_column_privilege('anon', v.oid, 'select') or has_any_column_privilege('authenticated', v.oid, 'select'));
  end loop;

  -- 4. Membership -------------------------------------------------------------------------------------------------------------
  return query select 'membership_rls', 'error', s.rel::text, 'Row Level Security is off: whoever may write it makes himself a member',
                      format('alter table %s enable row level security', s.rel)
    from convoy.scope_sources s join pg_class c on c.oid = s.rel where not c.relrowsecurity;
  return query select 'membership_index', 'warning', s.rel::text, format('no index begins with "%s": every pull looks at every member', s.user_col),
                      format('create index on %s (%I)', s.rel, s.user_col)
    from convoy.scope_sources s join pg_attribute a on a.attrelid = s.rel and a.attname = s.user_col
   where not exists (select 1 from pg_index i where i.indrelid = s.rel and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum);

  -- 5. Worth knowing ------------------------------------------------------------------------------------------------------------
  return query select 'not_synced', 'note', c.oid::regclass::text, 'this table is not synced', format('select convoy.enable(%L)', c.oid::regclass::text)
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     and not exists (select 1 from convoy.tables x where x.rel = c.oid);
  return query select 'no_doorbell', 'note', 'realtime', 'devices are not told of changes, though this project has Realtime: they ask now and then',
                      'select convoy.enable_doorbell()'
   where not convoy.has_doorbell() and exists (select 1 from pg_proc p join pg_namespace s on s.oid = p.pronamespace
                                                where s.nspname = 'realtime' and p.proname = 'send');
end $$;

-- The same for the service role, by HTTP.
create or replace function public.convoy_doctor(req jsonb)
returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  req := convoy.opened(req);
  return jsonb_build_object('status', 'ok', 'protocol', 1, 'version', convoy.version(), 'findings', (
    select coalesce(jsonb_agg(to_jsonb(d) order by array_position(array['error', 'warning', 'note'], d.severity), d."check", d.subject), '[]')
      from convoy.doctor() d));
end $$;

revoke execute on all functions in schema convoy from public, anon;
revoke execute on function public.convoy_doctor(jsonb) from public, anon, authenticated;
grant execute on function public.convoy_doctor(jsonb) to service_role;
