-- What the support modules' own tests play with.
create table public.notes (
  id uuid primary key default gen_random_uuid(),
  owner uuid not null default auth.uid(),
  title text not null
);
alter table public.notes enable row level security;
create policy own on public.notes for all using (owner = auth.uid()) with check (owner = auth.uid());

create function public.who(req jsonb) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'kind', jsonb_typeof(req), 'role', current_user, 'user', auth.uid(), 'superuser', rolsuper)
  from pg_roles where rolname = session_user
$$;

create function public.add_note(req jsonb) returns jsonb language plpgsql as $$
begin
  if jsonb_typeof(req) = 'string' then req := (req #>> '{}')::jsonb; end if;
  insert into public.notes (title) values (req ->> 'title');
  return jsonb_build_object('status', 'ok');
end $$;
