-- One file for SQLite and PostgreSQL; what they spell differently comes in as placeholders.
-- Times are Unix milliseconds of the connector unless a name says otherwise; flags are 0 or 1.

CREATE TABLE node (
  node           BIGINT PRIMARY KEY,
  incarnation    BIGINT NOT NULL,
  version        TEXT NOT NULL,
  http_endpoint  TEXT NOT NULL,
  attached_ms    BIGINT NOT NULL,
  gone_ms        BIGINT            -- since when no stream is open; null while one is
);

-- How far the sequenced events of one process are stored: each is applied once, in order.
CREATE TABLE node_event (
  node           BIGINT NOT NULL,
  incarnation    BIGINT NOT NULL,
  acked_seq      BIGINT NOT NULL,
  PRIMARY KEY (node, incarnation)
);

CREATE TABLE room (
  app            TEXT NOT NULL,
  instance       BIGINT NOT NULL,
  name           TEXT NOT NULL,
  node           BIGINT NOT NULL,
  incarnation    BIGINT NOT NULL,
  started_ms     BIGINT NOT NULL,
  empty_since_ms BIGINT,
  ended_ms       BIGINT,
  end_reason     TEXT,
  PRIMARY KEY (app, instance)
);
CREATE UNIQUE INDEX room_open ON room (app, name) WHERE ended_ms IS NULL;
CREATE INDEX room_ended ON room (ended_ms);

-- One stay of a session in a room.
CREATE TABLE peer_session (
  id             ${id},
  app            TEXT NOT NULL,
  session        BIGINT NOT NULL,
  instance       BIGINT NOT NULL,
  room           TEXT NOT NULL,
  peer           TEXT NOT NULL,
  node           BIGINT NOT NULL,
  joined_ms      BIGINT NOT NULL,
  left_ms        BIGINT
);
CREATE INDEX peer_session_room ON peer_session (app, instance, left_ms);
CREATE INDEX peer_session_session ON peer_session (app, session, left_ms);

CREATE TABLE track (
  app            TEXT NOT NULL,
  session        BIGINT NOT NULL,
  name           TEXT NOT NULL,
  kind           TEXT NOT NULL,
  codec          TEXT NOT NULL,
  PRIMARY KEY (app, session, name)
);

CREATE TABLE recording (
  app             TEXT NOT NULL,
  recording       BIGINT NOT NULL,
  room            TEXT NOT NULL,
  instance        BIGINT NOT NULL,
  node            BIGINT NOT NULL,
  incarnation     BIGINT NOT NULL,
  state           TEXT NOT NULL,
  title           TEXT NOT NULL,
  opened_ms       BIGINT NOT NULL,
  closed_ms       BIGINT,
  close_reason    TEXT,
  changes         BIGINT NOT NULL,  -- counts every change of its ledger
  changed_ms      BIGINT NOT NULL,
  spoken_changes  BIGINT NOT NULL,  -- changes that the last manifest holds
  started_ms      BIGINT,
  ended_ms        BIGINT,
  verdict         TEXT,
  packets         BIGINT NOT NULL,
  bytes           BIGINT NOT NULL,
  gaps            INTEGER NOT NULL,
  manifest        INTEGER NOT NULL, -- version, 0 before the first
  manifest_sha256 TEXT,
  PRIMARY KEY (app, recording)
);
CREATE INDEX recording_state ON recording (state);
CREATE INDEX recording_room ON recording (app, room, opened_ms);

CREATE TABLE tape (
  app            TEXT NOT NULL,
  recording      BIGINT NOT NULL,
  session        BIGINT NOT NULL,
  peer           TEXT NOT NULL,
  node           BIGINT NOT NULL,
  opened_ms      BIGINT NOT NULL,   -- the node's clock
  closed         ${blob},           -- the TapeClosed message; null while it runs
  PRIMARY KEY (app, recording, session)
);

CREATE TABLE chunk (
  app            TEXT NOT NULL,
  recording      BIGINT NOT NULL,
  session        BIGINT NOT NULL,
  idx            BIGINT NOT NULL,
  object_key     TEXT NOT NULL,
  from_ms        BIGINT NOT NULL,   -- the node's clock
  to_ms          BIGINT NOT NULL,   -- the node's clock
  bytes          BIGINT NOT NULL,
  packets        BIGINT NOT NULL,
  sha256         TEXT NOT NULL,
  verified_ms    BIGINT,
  PRIMARY KEY (app, recording, session, idx)
);

-- The feed, and the source of every hook: written in the transaction that changes the rest.
CREATE TABLE event (
  id             ${id},
  app            TEXT NOT NULL,
  room           TEXT NOT NULL,
  kind           TEXT NOT NULL,
  body           ${blob} NOT NULL,  -- the HookEvent message
  created_ms     BIGINT NOT NULL
);
CREATE INDEX event_app ON event (app, id);

CREATE TABLE hook_delivery (
  hook             TEXT NOT NULL,   -- <app>/<name>
  event            BIGINT NOT NULL,
  room             TEXT NOT NULL,   -- with the hook: the lane that keeps order
  state            TEXT NOT NULL,   -- pending | dead; delivered rows are deleted
  attempts         INTEGER NOT NULL,
  first_attempt_ms BIGINT,
  next_attempt_ms  BIGINT NOT NULL,
  last_error       TEXT,
  PRIMARY KEY (hook, event)
);
CREATE INDEX hook_delivery_lane ON hook_delivery (state, hook, room, event);

-- What was made from a recording: files in the store that people may open.
CREATE TABLE recording_file (
  app            TEXT NOT NULL,
  recording      BIGINT NOT NULL,
  name           TEXT NOT NULL,
  object_key     TEXT NOT NULL,
  content_type   TEXT NOT NULL,
  kind           TEXT NOT NULL,     -- composed | track | summary
  codecs         TEXT NOT NULL,
  duration_ms    BIGINT NOT NULL,   -- 0 for what does not play
  bytes          BIGINT NOT NULL,
  created_ms     BIGINT NOT NULL,
  PRIMARY KEY (app, recording, name)
);
