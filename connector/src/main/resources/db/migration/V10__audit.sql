-- Who did what, when, and what came of it. Rows are only ever added; V11 sees to that in the words of each database.
CREATE TABLE audit (
  id             ${id},
  app            TEXT NOT NULL,
  at_ms          BIGINT NOT NULL,   -- the clock of whoever tells: the connector, or a media server
  actor          TEXT NOT NULL,     -- app | admin-key:<fingerprint> | user:<name> | peer:<name> | node:<number>
  action         TEXT NOT NULL,     -- slug, such as kick_peer
  room           TEXT NOT NULL,     -- empty where it concerns none
  target         TEXT NOT NULL,     -- empty where there is none
  detail         TEXT NOT NULL,
  outcome        TEXT NOT NULL      -- done | refused: <why>
);
CREATE INDEX audit_app ON audit (app, id);
