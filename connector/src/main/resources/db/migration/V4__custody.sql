-- What the media server's clock was worth while the recording ran; null before its first heartbeat.
ALTER TABLE recording ADD COLUMN clock_synchronized INTEGER;
ALTER TABLE recording ADD COLUMN clock_max_error_us BIGINT;
ALTER TABLE recording ADD COLUMN clock_steps BIGINT;
ALTER TABLE recording ADD COLUMN clock_last_step_ms BIGINT;
CREATE INDEX recording_node ON recording (node, incarnation, state);

-- Chunks that are waited for, which are few.
CREATE INDEX chunk_open ON chunk (app, recording) WHERE verified_ms IS NULL;

-- The newest event of each app that was given up because of its age: a cursor before it has missed something.
CREATE TABLE feed_horizon (
  app            TEXT NOT NULL PRIMARY KEY,
  pruned_id      BIGINT NOT NULL
);
CREATE INDEX event_created ON event (created_ms);

ALTER TABLE hook_delivery ADD COLUMN queued_ms BIGINT; -- since when it waits; anew when a dead letter is sent again
ALTER TABLE hook_delivery ADD COLUMN dead_ms BIGINT;   -- since when it is a dead letter
CREATE INDEX hook_delivery_event ON hook_delivery (event);

-- Why the ledger of a finalized recording changes, when it is not for late chunks; null otherwise.
ALTER TABLE recording ADD COLUMN change_reason TEXT;
