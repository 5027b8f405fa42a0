-- The memory bank, synced. Parents before children: a row's workspace is found through its parent.

-- A device has one scope per workspace it is a member of; a new role means it may see or do more or less there.
select convoy.scopes_from('public.workspace_members', scope => 'workspace_id', "user" => 'user_id', visibility => 'role');

-- The structure: two edits of the same field leave the first one standing and tell the second; only in long documents both survive where
-- they do not touch.
select convoy.enable('public.workspaces', scope_column => 'id', conflict => 'server_wins');
select convoy.enable('public.workspace_members', scope_column => 'workspace_id', conflict => 'server_wins');
select convoy.enable('public.projects', scope_column => 'workspace_id', conflict => 'server_wins', columns => '{"overview": "text"}');
select convoy.enable('public.milestones', scope_via => 'project_id', conflict => 'server_wins', columns => '{"requirements": "text"}');

-- The work.
-- Long texts are merged word by word.
select convoy.enable('public.tasks', scope_via => 'milestone_id', conflict => 'merge', columns => '{"description": "text"}');
select convoy.enable('public.task_dependencies', scope_via => 'task_id', conflict => 'merge');
select convoy.enable('public.activity_feed', scope_via => 'task_id', conflict => 'append_only');

-- Reference data. Rows of neither workspace nor project are everybody's.
select convoy.enable('public.workflows', conflict => 'read_only');
select convoy.enable('public.patterns', scope_column => 'workspace_id', scope_via => 'project_id', conflict => 'read_only');
select convoy.enable('public.best_practices', scope_column => 'workspace_id', scope_via => 'project_id', conflict => 'read_only');
