-- Convert jobs, the events they owe, and the keys under which they were asked for.
CREATE TABLE job (
  id              TEXT PRIMARY KEY,
  app             TEXT    NOT NULL,
  record_path     TEXT    NOT NULL,
  request         TEXT    NOT NULL, -- JSON; without destinations once the job has ended, because they hold secrets
  state           TEXT    NOT NULL, -- waiting | running | completed | failed
  step            TEXT    NOT NULL DEFAULT '',
  progress        REAL    NOT NULL DEFAULT 0,
  error           TEXT    NOT NULL DEFAULT '',
  result          TEXT    NOT NULL DEFAULT '', -- JSON of the summary
  attempts        INTEGER NOT NULL DEFAULT 0,
  cancel_wanted   INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL, -- Unix milliseconds, as all times here
  not_before      INTEGER NOT NULL,
  started_at      INTEGER NOT NULL DEFAULT 0,
  ended_at        INTEGER NOT NULL DEFAULT 0,
  lease_owner     TEXT    NOT NULL DEFAULT '',
  lease_until     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX job_by_app ON job (app, created_at DESC);
CREATE INDEX job_due ON job (state, not_before);

-- Each event once, kept until the connector has it.
CREATE TABLE event (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT    NOT NULL UNIQUE, -- the receiver drops what it has seen
  job_id       TEXT    NOT NULL,
  kind         TEXT    NOT NULL,        -- started | completed | failed
  body         BLOB    NOT NULL,        -- HookEvent of hook.proto
  attempts     INTEGER NOT NULL DEFAULT 0,
  next_at      INTEGER NOT NULL,
  delivered_at INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_terminal_event ON event (job_id) WHERE kind IN ('completed', 'failed');

CREATE TABLE idempotency (
  app        TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  body_hash  TEXT    NOT NULL,
  job_id     TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (app, key)
);
