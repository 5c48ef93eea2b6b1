-- When a media server died with the recording open and the recording went on: from what was taped last to the next start.
CREATE TABLE interruption (
  app            TEXT NOT NULL,
  recording      BIGINT NOT NULL,
  from_ms        BIGINT NOT NULL,   -- the node's clock
  to_ms          BIGINT NOT NULL,   -- the node's clock
  PRIMARY KEY (app, recording, from_ms, to_ms)
);
