/** The data and the questions of the benchmark, as workload/*.c make them; the run compares the hashes of both. */

export const Workspaces = 0, Projects = 1, Milestones = 2, Tasks = 3, Activities = 4;
const LookUps = 5;
const fullCounts = [5, 50, 500, 100000, 200000];
const listMax = 5;
const epoch = 1735689600000;
const day = 86400000;

const text = (name) => ({ name, type: 'string' });
const time = (name) => ({ name, type: 'number' });
const key = (name) => ({ name, type: 'string', isIndexed: true });
const optional = (column) => ({ ...column, isOptional: true });
const indexed = (column) => ({ ...column, isIndexed: true });
const times = [time('created_at'), time('updated_at')];
const knowledge = (name, kind) => ({
  name,
  columns: [optional(key('workspace_id')), optional(key('project_id')), text('name'), optional(text('description')), optional(text(kind)),
    optional(text('content')), ...times],
});

/** The tables of src/memory/schema.cc, in its order. */
export const tables = [
  { name: 'workspaces', columns: [text('name'), optional(text('description')), ...times] },
  { name: 'workspace_members', columns: [key('workspace_id'), indexed(text('user_id')), text('role'), ...times] },
  {
    name: 'projects',
    columns: [key('workspace_id'), text('name'), optional(text('description')), optional(text('overview')), optional(text('tech_stack')),
      indexed(text('status')), ...times],
  },
  {
    name: 'milestones',
    columns: [key('project_id'), text('name'), optional(text('description')), optional(text('requirements')), indexed(text('status')),
      optional(time('target_date')), ...times],
  },
  {
    name: 'tasks',
    columns: [key('milestone_id'), optional(key('parent_task_id')), text('title'), optional(text('description')), indexed(text('current_stage')),
      indexed(text('status')), ...times, optional(time('completion_date'))],
  },
  { name: 'task_dependencies', columns: [key('task_id'), key('depends_on_task_id'), time('created_at')] },
  {
    name: 'activity_feed',
    columns: [key('task_id'), optional(text('actor_id')), text('activity_type'), optional(text('details')), time('created_at')],
  },
  { name: 'workflows', columns: [text('name'), optional(text('description')), text('stages'), ...times] },
  knowledge('patterns', 'pattern_type'),
  knowledge('best_practices', 'category'),
];

/** Of the workload's tables, by number. */
export const tableNames = ['workspaces', 'projects', 'milestones', 'tasks', 'activity_feed'];
export const columnsOf = (table) => tables.find(({ name }) => name === tableNames[table]).columns.map(({ name }) => name);

function mix(value) {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

class Random {
  constructor(kind, number) { this.state = mix((kind << 24) ^ number ^ 0x436f6e76); }
  next() {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    return mix(this.state);
  }
  below(bound) { return this.next() % bound; }
  oneIn(count) { return this.below(count) === 0; }
  of(list) { return list[this.below(list.length)]; }
}

const hex = (value, digits) => value.toString(16).padStart(digits, '0');

export function idOf(table, number) {
  const random = new Random(table, number);
  const [a, b, c, d] = [random.next(), random.next(), random.next(), random.next()];
  return `${hex(a, 8)}-${hex(b >>> 16, 4)}-4${hex(b & 0xfff, 3)}-${hex(((c >>> 16) & 0x3fff) | 0x8000, 4)}-${hex(c & 0xffff, 4)}${hex(d, 8)}`;
}

const common = `
  the of sync when offline device user page server cursor write read table column index before after every conflict merge
  change pending commit request reply network workspace project member policy naïve café should must never always while until
  again first last small large new old time state store query result record field screen button list board Übersicht test build
  release plan review note task`.trim().split(/\s+/);
const commonBytes = common.map((word) => Buffer.byteLength(word));
const rare = `
  rollback telemetry onboarding pagination throttle checksum lexer webhook idempotent keyboard invoice timezone migration
  shortcut clipboard attachment emoji avatar firewall quota snapshot tombstone vacuum websocket backup certificate deadlock
  fixture gateway histogram locale mutex`.trim().split(/\s+/);

/** Words until they are `length` bytes or a little more. */
function words(random, length) {
  const found = [];
  let bytes = 0;
  while (bytes < length) {
    const at = random.below(common.length);
    bytes += commonBytes[at] + (found.length > 0 ? 1 : 0);
    found.push(common[at]);
  }
  return found.join(' ');
}

function description(random) {
  const result = words(random, 170 + random.below(50));
  return random.oneIn(8) ? `${result} ${rare[random.next() % rare.length]}` : result;
}

const wordsOrNull = (random, length) => (random.oneIn(4) ? null : words(random, length));
const projectStates = ['ACTIVE', 'PAUSED', 'ARCHIVED'];
const milestoneStates = ['PLANNED', 'ACTIVE', 'DONE'];
const stages = ['PLAN', 'PLAN_REVIEW', 'IMPLEMENT', 'TEST', 'CODE_REVIEW', 'DOCUMENT'];
const activityTypes = ['COMMENT', 'STAGE_CHANGE', 'CODE_COMMIT', 'NOTE'];
const states = ['TODO', 'IN_PROGRESS', 'BLOCKED', 'DONE'];
const made = (random, number) => [epoch + number * 60000, epoch + number * 60000 + random.below(2 ** 30)];

export class Workload {
  constructor(divisor) {
    this.counts = fullCounts.map((count) => Math.max(Math.floor(count / divisor), listMax));
    this.lookUps = Math.floor(10000 / divisor);
    this.changes = Math.floor(1000 / divisor);
  }

  updatedAt(number) { return epoch + 7776000000 + ((number * 7919 + 17) % this.counts[Tasks]) * 77777; }

  /** The values of a row, in the order of the columns. */
  values(table, number) {
    const random = new Random(table, number);
    return [this.workspace, this.project, this.milestone, this.task, this.activity][table].call(this, random, number);
  }

  workspace(random, number) { return [words(random, 20), wordsOrNull(random, 80), ...made(random, number)]; }

  project(random, number) {
    return [
      idOf(Workspaces, number % this.counts[Workspaces]), words(random, 24), wordsOrNull(random, 120), wordsOrNull(random, 400),
      '{"database":"postgres","languages":["c++","typescript"]}', random.of(projectStates), ...made(random, number),
    ];
  }

  milestone(random, number) {
    return [
      idOf(Projects, number % this.counts[Projects]), words(random, 30), wordsOrNull(random, 150), wordsOrNull(random, 300),
      random.of(milestoneStates), random.oneIn(3) ? null : epoch + day * random.below(365), ...made(random, number),
    ];
  }

  task(random, number) {
    const milestone = idOf(Milestones, random.below(this.counts[Milestones]));
    const parent = number > 0 && random.oneIn(5) ? idOf(Tasks, random.below(number)) : null;
    const title = words(random, 40);
    const about = description(random);
    const stage = random.of(stages);
    const status = random.of(states);
    const updatedAt = this.updatedAt(number);
    return [
      milestone, parent, title, about, stage, status, updatedAt - day * random.below(90), updatedAt, status === 'DONE' ? updatedAt : null,
    ];
  }

  activity(random, number) {
    return [
      idOf(Tasks, random.below(this.counts[Tasks])), random.oneIn(8) ? null : words(random, 10), random.of(activityTypes),
      `{"text":"${words(random, 60)}"}`, epoch + number * 1000,
    ];
  }

  board(number) {
    const milestones = Array.from({ length: listMax }, (_, i) => idOf(Milestones, (number * 37 + i) % this.counts[Milestones]));
    return { status: states[number % states.length], milestones };
  }

  searchWord(number) { return rare[number % rare.length]; }

  recent(number) {
    return {
      status: states[number % states.length],
      updatedFrom: epoch + 7776000000 + (Math.floor(this.counts[Tasks] / 2) + (number % 64)) * 77777,
    };
  }

  /** The board that is watched, and what is changed in which row of it. */
  watchedBoard() { return this.board(1); }
  watchedPlace(number, rows) { return (number * 7) % rows; }
  watchedChange(number) { return { title: `Renamed ${number}: a task that is looked at`, now: epoch + 34560000000 + number * 1000 }; }

  randomTask(number, step) { return idOf(Tasks, new Random(LookUps, number * 16384 + step).below(this.counts[Tasks])); }

  /** Of part 0, changed together, or 1, alone. */
  change(part, number, step) {
    const third = Math.floor(this.counts[Tasks] / 3);
    const place = third * part + ((number * this.changes + step) % third);
    return {
      id: idOf(Tasks, (place * 7919 + 17) % this.counts[Tasks]),
      title: `Renamed ${number}.${step}: a task with a new title`,
      now: epoch + 31536000000 + number * 1000 + step,
    };
  }
}
