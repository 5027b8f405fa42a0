-- Convoy: everything about the synced tables that a generator of code wants to know, as far as the caller may see it. What a device
-- needs from day to day comes with convoy_pull.

create or replace function public.convoy_schema(req jsonb)
returns jsonb language plpgsql stable security invoker set search_path = '' as $$
begin
  req := convoy.opened(req);
  perform convoy.session(null);
  return jsonb_build_object('status', 'ok', 'protocol', 1, 'fingerprint', convoy.fingerprint(), 'tables', (
    select coalesce(jsonb_agg(jsonb_build_object(
        'name', t.name, 'id', t.pk, 'id_type', t.pk_type, 'conflict', t.conflict, 'on_delete', t.on_delete,
        'scope', jsonb_build_object('column', t.scope_col, 'via', t.via_col, 'parent', (select p.name from convoy.tables p where p.id = t.via_tbl)),
        'columns', q.columns) order by t.id), '[]')
      from convoy.tables t
      join (
        select c.tbl, coalesce(jsonb_agg(jsonb_build_object(
            'name', c.name, 'type', format_type(c.type, c.typmod), 'nullable', c.nullable, 'default', a.atthasdef or a.attidentity <> '',
            'write', c.write, 'rule', coalesce(x.rules -> c.name -> 'rule', to_jsonb(convoy.default_rule(x.conflict))),
            -- To tables that are not synced there is nothing to relate to.
            'references', (
              select jsonb_build_object('table', f.name, 'column', their.attname, 'on_delete', case k.confdeltype when 'c' then 'cascade'
                       when 'n' then 'set_null' when 'd' then 'set_default' when 'r' then 'restrict' else 'nothing' end)
                from pg_constraint k
                join convoy.tables f on f.rel = k.confrelid
                join pg_attribute their on their.attrelid = k.confrelid and their.attnum = k.confkey[1]
               where k.conrelid = x.rel and k.contype = 'f' and k.conkey = array[c.place]
               order by k.oid limit 1),
            'indexed', exists (select 1 from pg_index i where i.indrelid = x.rel and i.indisvalid and i.indpred is null and i.indkey[0] = c.place))
            order by c.place) filter (where not c.is_key), '[]') as columns
          from convoy.columns_of_caller() c
          join convoy.tables x on x.id = c.tbl
          join pg_attribute a on a.attrelid = x.rel and a.attnum = c.place
         group by c.tbl having bool_or(c.is_key)) q on q.tbl = t.id));
end $$;

revoke execute on function public.convoy_schema(jsonb) from public, anon, service_role;
grant execute on function public.convoy_schema(jsonb) to authenticated;
