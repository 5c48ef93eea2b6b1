-- What was made from a recording: files in the store that people may open.
CREATE TABLE recording_file (
  app            TEXT NOT NULL,
  recording      BIGINT NOT NULL,
  name           TEXT NOT NULL,
  object_key     TEXT NOT NULL,
  content_type   TEXT NOT NULL,
  bytes          BIGINT NOT NULL,
  created_ms     BIGINT NOT NULL,
  PRIMARY KEY (app, recording, name)
);
