/**
 * What is measured. A round is `count` runs of the operation by each contender in turn; `quick` and `peer` are the rounds
 * of a quick run, and of the peer in a whole one. A target is what Convoy may take, as a multiple of the floor (`ratio`) or
 * beyond it (`beyond`, seconds). `writes` is what a run of it puts into the outbox; there are titles for 33 runs of it, one of which is the
 * proof (workload.h). What only reads comes before: the peer writes in fewer rounds, and would find other titles afterwards.
 */
export const operations = [
  {
    name: 'load', title: 'Bulk insert', target: { ratio: 1.25 }, rounds: 7, quick: 3, peer: 2, count: 1,
    what: 'all 300,555 rows in one transaction, into an empty file with its indices, as after a restore or a first sync',
  },
  {
    name: 'board', title: 'Query with an index', target: { ratio: 1.15 }, rounds: 25, quick: 9, peer: 9, count: 20,
    what: 'tasks of one status in five milestones, the 50 changed last',
  },
  {
    name: 'search', title: 'Query that must scan', target: { ratio: 1.15 }, rounds: 15, quick: 5, peer: 5, count: 1,
    what: 'tasks whose description holds a word, the 50 changed last',
  },
  {
    name: 'find', title: 'Find by id', target: { ratio: 1.3 }, rounds: 15, quick: 5, peer: 5, count: 1,
    what: '10,000 tasks by ids in no order, each with all its columns',
  },
  {
    name: 'count', title: 'Count', target: { ratio: 1.05 }, rounds: 25, quick: 9, peer: 9, count: 2,
    what: 'tasks of one status changed since a day',
  },
  {
    name: 'reopen', title: 'Open', target: { beyond: 0.003 }, rounds: 25, quick: 9, peer: 9, count: 1,
    what: 'opening the full file and finding one task',
  },
  {
    name: 'change-together', title: '1,000 updates, one transaction', target: { ratio: 2 }, rounds: 15, quick: 5, peer: 3, count: 1, writes: { mutations: 1, changes: 1000 },
    what: 'new titles for 1,000 tasks; Convoy also writes its outbox, the floor has none',
  },
  {
    name: 'change-alone', title: '1,000 transactions', target: { ratio: 1.5 }, rounds: 7, quick: 3, peer: 2, count: 1, writes: { mutations: 1000, changes: 1000 },
    what: 'a new title for one task each, each on disk before the next; Convoy with its outbox',
  },
  {
    name: 'live', title: 'Live query', target: { ratio: 0.2 }, rounds: 15, quick: 5, peer: 5, count: 20, writes: { mutations: 1, changes: 1 },
    what: 'from the return of a commit that changes one row to the difference in a result of 50 rows; the floor asks for the 50 rows again',
  },
];

/** Peak memory of a process that does nothing else. `beyond` in KiB. */
export const memories = [
  {
    name: 'memory-read', title: 'Memory, reading', target: { beyond: 16384 },
    what: 'peak of a process that opens the full file and does all the reading above',
    requests: ['time open 0 1', 'time board 0 20', 'time search 0 3', 'time find 0 1', 'time count 0 4'],
  },
  {
    name: 'memory-load', title: 'Memory, bulk insert', target: { beyond: 16384 },
    what: 'peak of a process that does the bulk insert, of rows that are made one by one',
    requests: ['time load 0 1'],
  },
];
