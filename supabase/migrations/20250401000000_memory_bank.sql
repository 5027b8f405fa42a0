-- The memory bank: workspaces hold projects, projects hold milestones, milestones hold tasks. Beside them stand the
-- workflows a task runs through, and the patterns and best practices that apply everywhere, to a workspace or to a project.
--
-- Safe to run again. gen_random_uuid() is part of Postgres itself since version 13, so no extension is needed.

-- 1. The hierarchy ----------------------------------------------------------------------------------------------------

create table if not exists public.workspaces (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists public.projects (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  name text not null,
  description text,
  overview text,
  tech_stack jsonb,
  status text not null default 'ACTIVE',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists public.milestones (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references public.projects (id) on delete cascade,
  name text not null,
  description text,
  requirements text,
  status text not null default 'PLANNED',
  target_date timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists public.tasks (
  id uuid primary key default gen_random_uuid(),
  milestone_id uuid not null references public.milestones (id) on delete cascade,
  -- A subtask outlives the task it was split from.
  parent_task_id uuid references public.tasks (id) on delete set null,
  title text not null,
  description text,
  current_stage text not null default 'PLAN',
  status text not null default 'TODO',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completion_date timestamptz
);

create table if not exists public.task_dependencies (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references public.tasks (id) on delete cascade,
  depends_on_task_id uuid not null references public.tasks (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint task_dependencies_pair unique (task_id, depends_on_task_id),
  constraint task_dependencies_not_itself check (task_id <> depends_on_task_id)
);

create table if not exists public.activity_feed (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references public.tasks (id) on delete cascade,
  -- Text, because an actor may be a person's id or the name of an agent.
  actor_id text,
  activity_type text not null,
  details jsonb,
  created_at timestamptz not null default now()
);

-- 2. Reference data ---------------------------------------------------------------------------------------------------

create table if not exists public.workflows (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  stages jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Neither workspace nor project: the row applies everywhere.
create table if not exists public.patterns (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid references public.workspaces (id) on delete cascade,
  project_id uuid references public.projects (id) on delete cascade,
  name text not null,
  description text,
  pattern_type text,
  content jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists public.best_practices (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid references public.workspaces (id) on delete cascade,
  project_id uuid references public.projects (id) on delete cascade,
  name text not null,
  description text,
  category text,
  content jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- 3. Indexes: every foreign key (cascades and joins need them), and the filters of everyday lists ------------------------

create index if not exists projects_workspace on public.projects (workspace_id, status);
create index if not exists milestones_project on public.milestones (project_id, status);
create index if not exists tasks_milestone on public.tasks (milestone_id, status);
create index if not exists tasks_parent on public.tasks (parent_task_id);
create index if not exists tasks_stage on public.tasks (current_stage);
create index if not exists task_dependencies_depends_on on public.task_dependencies (depends_on_task_id);
create index if not exists activity_feed_task on public.activity_feed (task_id, created_at desc);
create index if not exists patterns_workspace on public.patterns (workspace_id);
create index if not exists patterns_project on public.patterns (project_id);
create index if not exists best_practices_workspace on public.best_practices (workspace_id);
create index if not exists best_practices_project on public.best_practices (project_id);

-- 4. The grants a Supabase project gives to every table in public ------------------------------------------------------
-- Row Level Security, where it is turned on, decides about rows; these decide about tables.

grant usage on schema public to anon, authenticated, service_role;
grant all on public.workspaces, public.projects, public.milestones, public.tasks, public.task_dependencies,
  public.activity_feed, public.workflows, public.patterns, public.best_practices
  to anon, authenticated, service_role;
