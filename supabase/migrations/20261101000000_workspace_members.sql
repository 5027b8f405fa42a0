-- Who may see and change what. Members of a workspace see everything in it; viewers only read; members write; owners also
-- manage the members and may delete the workspace. From here on the anon key alone shows nothing.
--
-- Safe to run again.

-- Policies call auth.uid() as the caller. A hosted project already allows that; a plain server may not, and where this
-- role may not grant it, it is not this file's business.
do $$
begin
  grant usage on schema auth to anon, authenticated, service_role;
exception when others then
  raise notice 'schema auth keeps its own grants: %', sqlerrm;
end $$;

-- 1. Members ----------------------------------------------------------------------------------------------------------

create table if not exists public.workspace_members (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  user_id uuid not null,
  role text not null default 'member' constraint workspace_members_role check (role in ('owner', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint workspace_members_pair unique (workspace_id, user_id)
);
create index if not exists workspace_members_user on public.workspace_members (user_id, workspace_id, role);

grant all on public.workspace_members to anon, authenticated, service_role;

-- Not among the schemas PostgREST exposes: nothing in here is an end point.
create schema if not exists bank;
revoke all on schema bank from public;
grant usage on schema bank to authenticated;

-- 2. The one membership helper ----------------------------------------------------------------------------------------
-- The workspaces in which the caller is `at_least` that. Definer, because the policies of workspace_members ask it too
-- and would otherwise ask themselves without end. Policies call it as `(select bank.my_workspaces(…))`, so that it
-- runs once per statement and not once per row.

create or replace function bank.my_workspaces(at_least text)
returns uuid[] language plpgsql stable security definer set search_path = '' as $$
declare
  me uuid := auth.uid();
begin
  return array(select m.workspace_id from public.workspace_members m
                where m.user_id = me
                  and case at_least when 'viewer' then true
                                    when 'member' then m.role in ('member', 'owner')
                                    when 'owner' then m.role = 'owner'
                                    else false end);
end $$;
revoke execute on function bank.my_workspaces(text) from public, anon;
grant execute on function bank.my_workspaces(text) to authenticated;

-- 3. A new workspace belongs to whoever made it ------------------------------------------------------------------------

create or replace function bank.welcome_creator()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  -- Nobody is signed in when the service role or a migration inserts.
  if auth.uid() is not null then
    insert into public.workspace_members (workspace_id, user_id, role) values (new.id, auth.uid(), 'owner')
    on conflict (workspace_id, user_id) do nothing;
  end if;
  return null;
end $$;
revoke execute on function bank.welcome_creator() from public, anon, authenticated;

drop trigger if exists bank_welcome_creator on public.workspaces;
create trigger bank_welcome_creator after insert on public.workspaces
  for each row execute function bank.welcome_creator();

-- 4. A workspace never loses its last owner -----------------------------------------------------------------------------

create or replace function bank.keep_an_owner()
returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and new.role = 'owner' and new.workspace_id = old.workspace_id then
    return null;
  end if;
  -- Taking the workspace's row lock makes two owners who leave at the same moment wait for each other. If the workspace
  -- itself is being deleted, its row is already gone here, and its members may go with it.
  perform 1 from public.workspaces w where w.id = old.workspace_id for no key update;
  if found and not exists (select 1 from public.workspace_members m
                            where m.workspace_id = old.workspace_id and m.role = 'owner') then
    raise exception 'a workspace needs at least one owner'
      using errcode = '23514', constraint = 'workspace_members_keep_an_owner', table = 'workspace_members';
  end if;
  return null;
end $$;
revoke execute on function bank.keep_an_owner() from public, anon, authenticated;

drop trigger if exists bank_keep_an_owner on public.workspace_members;
create trigger bank_keep_an_owner after update or delete on public.workspace_members
  for each row when (old.role = 'owner') execute function bank.keep_an_owner();

-- 5. Row Level Security -------------------------------------------------------------------------------------------------
-- One condition for reading and one for writing per table. Reading, lower in the hierarchy, only asks whether the parent is
-- visible: the parent's own policy answers. Writing asks for membership itself, since a viewer sees the parent too.
-- Writing is three policies and not one `for all`, which would be asked on every read as well.

do $$
declare
  rule record;
  command text;
begin
  for rule in
    select * from (values
      ('workspaces',
       $p$id = any ((select bank.my_workspaces('viewer'))::uuid[])$p$,
       null),  -- below: making, changing and deleting a workspace are three different rights
      ('workspace_members',
       $p$workspace_id = any ((select bank.my_workspaces('viewer'))::uuid[])$p$,
       $p$workspace_id = any ((select bank.my_workspaces('owner'))::uuid[])$p$),
      ('projects',
       $p$workspace_id = any ((select bank.my_workspaces('viewer'))::uuid[])$p$,
       $p$workspace_id = any ((select bank.my_workspaces('member'))::uuid[])$p$),
      ('milestones',
       $p$exists (select 1 from public.projects p where p.id = project_id)$p$,
       $p$exists (select 1 from public.projects p where p.id = project_id
                     and p.workspace_id = any ((select bank.my_workspaces('member'))::uuid[]))$p$),
      ('tasks',
       $p$exists (select 1 from public.milestones m where m.id = milestone_id)$p$,
       $p$exists (select 1 from public.milestones m join public.projects p on p.id = m.project_id
                   where m.id = milestone_id and p.workspace_id = any ((select bank.my_workspaces('member'))::uuid[]))$p$),
      ('task_dependencies',
       $p$exists (select 1 from public.tasks t where t.id = task_id)$p$,
       $p$exists (select 1 from public.tasks t join public.milestones m on m.id = t.milestone_id
                     join public.projects p on p.id = m.project_id
                   where t.id = task_id and p.workspace_id = any ((select bank.my_workspaces('member'))::uuid[]))$p$),
      ('activity_feed',
       $p$exists (select 1 from public.tasks t where t.id = task_id)$p$,
       $p$exists (select 1 from public.tasks t join public.milestones m on m.id = t.milestone_id
                     join public.projects p on p.id = m.project_id
                   where t.id = task_id and p.workspace_id = any ((select bank.my_workspaces('member'))::uuid[]))$p$),
      -- Global rows are everybody's to read and nobody's to write but the service role, which no policy binds.
      ('workflows', 'true', null),
      ('patterns',
       $p$(workspace_id is null and project_id is null)
          or workspace_id = any ((select bank.my_workspaces('viewer'))::uuid[])
          or (workspace_id is null and exists (select 1 from public.projects p where p.id = project_id))$p$,
       $p$workspace_id = any ((select bank.my_workspaces('owner'))::uuid[])
          or (workspace_id is null and exists (select 1 from public.projects p where p.id = project_id
                and p.workspace_id = any ((select bank.my_workspaces('owner'))::uuid[])))$p$),
      ('best_practices',
       $p$(workspace_id is null and project_id is null)
          or workspace_id = any ((select bank.my_workspaces('viewer'))::uuid[])
          or (workspace_id is null and exists (select 1 from public.projects p where p.id = project_id))$p$,
       $p$workspace_id = any ((select bank.my_workspaces('owner'))::uuid[])
          or (workspace_id is null and exists (select 1 from public.projects p where p.id = project_id
                and p.workspace_id = any ((select bank.my_workspaces('owner'))::uuid[])))$p$)
    ) as rules (rel, reading, writing)
  loop
    execute format('alter table public.%I enable row level security', rule.rel);
    foreach command in array array['select', 'insert', 'update', 'delete'] loop
      execute format('drop policy if exists members_%s on public.%I', command, rule.rel);
    end loop;
    execute format('create policy members_select on public.%I for select to authenticated using (%s)',
                   rule.rel, rule.reading);
    if rule.writing is not null then
      execute format('create policy members_insert on public.%I for insert to authenticated with check (%s)',
                     rule.rel, rule.writing);
      execute format('create policy members_update on public.%1$I for update to authenticated using (%2$s) with check (%2$s)',
                     rule.rel, rule.writing);
      execute format('create policy members_delete on public.%I for delete to authenticated using (%s)',
                     rule.rel, rule.writing);
    end if;
  end loop;
end $$;

create policy members_insert on public.workspaces for insert to authenticated
  with check ((select auth.uid()) is not null);
create policy members_update on public.workspaces for update to authenticated
  using (id = any ((select bank.my_workspaces('member'))::uuid[]))
  with check (id = any ((select bank.my_workspaces('member'))::uuid[]));
create policy members_delete on public.workspaces for delete to authenticated
  using (id = any ((select bank.my_workspaces('owner'))::uuid[]));

-- Everybody may leave.
drop policy if exists members_leave on public.workspace_members;
create policy members_leave on public.workspace_members for delete to authenticated
  using (user_id = (select auth.uid()));
