-- Convoy: the doorbell. Where a project has Realtime, every scope has a private channel `convoy:<scope>` on which devices hear that
-- something changed, and no more than that: what changed comes by convoy_pull, as the caller.
--
-- One message for each transaction and scope. It is written in the transaction that changed the rows, so it is heard when that commits.
-- Whether Realtime works is none of the writer's business: a bell that cannot ring is a warning in the log, and devices that hear
-- nothing ask now and then anyway.

create or replace function convoy.ring()
returns trigger language plpgsql security definer set search_path = '' as $$
declare
  -- Belongs to the transaction, and goes back with a savepoint, as the messages do.
  rung text := coalesce(current_setting('convoy.rung', true), '');
  scopes uuid[];
begin
  -- Whoever rings at hundreds of doors at once is loading or restoring; those devices hear of it when they next ask.
  if length(rung) >= 37 * 500 then
    return null;
  end if;
  select array_agg(s.scope) into scopes
    from (select n.scope from (select distinct r.scope from new_rows r) n where strpos(rung, n.scope::text) = 0 limit 500) s;
  if scopes is null then
    return null;
  end if;
  perform set_config('convoy.rung', rung || array_to_string(scopes, ',') || ',', true);
  begin
    perform realtime.send(jsonb_build_object('xid', pg_current_xact_id()::text), 'changed', 'convoy:' || s.scope, true)
       from unnest(scopes) s (scope);
  exception when others then                 -- A cancelled query is not among them.
    raise warning 'convoy: the doorbell did not ring: %', sqlerrm;
  end;
  return null;
end $$;

-- Puts it up, if there is a Realtime to ring. Returns whether there is.
create or replace function convoy.enable_doorbell()
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select 1 from pg_namespace where nspname = 'realtime') or to_regprocedure('realtime.send(jsonb, text, text, boolean)') is null then
    return false;
  end if;
  drop trigger if exists ring_insert on convoy.log;
  drop trigger if exists ring_update on convoy.log;
  create trigger ring_insert after insert on convoy.log referencing new table as new_rows for each statement execute function convoy.ring();
  create trigger ring_update after update on convoy.log referencing new table as new_rows for each statement execute function convoy.ring();
  -- Who may listen: whoever has the scope. Realtime asks when a device joins the channel, and again when its token is renewed.
  if to_regclass('realtime.messages') is not null then
    begin
      drop policy if exists convoy_doorbell on realtime.messages;
      create policy convoy_doorbell on realtime.messages for select to authenticated
        using (extension = 'broadcast' and (select realtime.topic()) in (select 'convoy:' || s.scope from convoy.my_scopes() s));
    exception when insufficient_privilege or undefined_function or undefined_column then
      raise warning 'convoy: nobody may listen to the doorbell: %', sqlerrm
        using hint = 'create the policy convoy_doorbell on realtime.messages as the owner of that table';
    end;
  end if;
  return true;
end $$;

create or replace function convoy.disable_doorbell()
returns void language plpgsql security definer set search_path = '' as $$
begin
  drop trigger if exists ring_insert on convoy.log;
  drop trigger if exists ring_update on convoy.log;
  if exists (select 1 from pg_policies p where p.schemaname = 'realtime' and p.tablename = 'messages' and p.policyname = 'convoy_doorbell') then
    drop policy convoy_doorbell on realtime.messages;
  end if;
end $$;

revoke execute on all functions in schema convoy from public, anon;
do $$
begin
  perform convoy.enable_doorbell();
end $$;
