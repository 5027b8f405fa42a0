-- The roles of a hosted Supabase project. There the owner, whom migrations run as, is no superuser.
create role anon nologin;
create role authenticated nologin;
create role service_role nologin bypassrls;
create role project_owner login createrole createdb bypassrls;
grant anon, authenticated, service_role to project_owner with admin option;
