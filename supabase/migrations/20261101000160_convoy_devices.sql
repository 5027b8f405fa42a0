-- Convoy: a user's devices. A device says hello, its owner sees it in a list and can sign it out from any other.
--
-- Signing out stops sync and nothing else: the device keeps what it has, until it learns of it and its program removes it. Whoever
-- lost a device also ends its session with the project's sign-in service.

create or replace function convoy.my_devices()
returns setof convoy.client language sql stable security definer set search_path = '' as $$
  select c.* from convoy.client c where c.user_id = (select auth.uid())
$$;

create or replace function convoy.revoke_client(client uuid)
returns void language plpgsql volatile security definer set search_path = '' as $$
begin
  update convoy.client c set revoked_at = coalesce(c.revoked_at, now()) where c.client_id = client and c.user_id = (select auth.uid());
  if not found then
    perform convoy.refuse('CV010', 'convoy: no device of yours has this id');
  end if;
end $$;

-- Does anybody ring when something changed? See the doorbell.
create or replace function convoy.has_doorbell()
returns boolean language sql stable set search_path = '' as $$
  select exists (select 1 from pg_trigger t where t.tgrelid = 'convoy.log'::regclass and t.tgname = 'ring_insert' and t.tgenabled <> 'D')
$$;

create or replace function public.convoy_devices(req jsonb)
returns jsonb language plpgsql stable security invoker set search_path = '' set timezone = 'UTC' as $$
begin
  req := convoy.opened(req);
  perform convoy.session(null);
  return jsonb_build_object('status', 'ok', 'protocol', 1, 'devices', (
    select coalesce(jsonb_agg(jsonb_build_object('client', c.client_id, 'name', c.name, 'program', c.program, 'seen_at', c.seen_at,
             'created_at', c.created_at, 'last_mid', c.last_mid, 'is_revoked', c.revoked_at is not null) order by c.seen_at desc, c.client_id), '[]')
      from convoy.my_devices() c));
end $$;

create or replace function public.convoy_revoke_device(req jsonb)
returns jsonb language plpgsql volatile security invoker set search_path = '' as $$
declare
  client uuid;
begin
  req := convoy.opened(req);
  begin
    client := req ->> 'client';
  exception when data_exception then
    client := null;
  end;
  if client is null then
    perform convoy.refuse('CV009', 'convoy: malformed request');
  end if;
  perform convoy.session(null);
  perform convoy.revoke_client(client);
  return jsonb_build_object('status', 'ok', 'protocol', 1);
end $$;

create or replace function public.convoy_hello(req jsonb)
returns jsonb language plpgsql volatile security invoker set search_path = '' set lock_timeout = '5s' as $$
declare
  client uuid;
  session record;
  device record;
begin
  req := convoy.opened(req);
  begin
    client := req ->> 'client';
  exception when data_exception then
    client := null;
  end;
  if client is null or coalesce(jsonb_typeof(req -> 'device'), 'object') not in ('object', 'null') then
    perform convoy.refuse('CV009', 'convoy: malformed request');
  end if;
  session := convoy.session(client);
  device := convoy.open_client(client, coalesce(nullif(req -> 'device', 'null'), '{}'));
  return jsonb_build_object('status', 'ok', 'protocol', 1, 'version', convoy.version(), 'epoch', session.epoch, 'last_mid', device.last_mid,
                            'server_time', convoy.iso_now(), 'realtime', convoy.has_doorbell());
end $$;

revoke execute on all functions in schema convoy from public, anon;
grant execute on function convoy.my_devices(), convoy.revoke_client(uuid), convoy.has_doorbell(), convoy.version() to authenticated;
revoke execute on function public.convoy_devices(jsonb), public.convoy_revoke_device(jsonb), public.convoy_hello(jsonb) from public, anon, service_role;
grant execute on function public.convoy_devices(jsonb), public.convoy_revoke_device(jsonb), public.convoy_hello(jsonb) to authenticated;
