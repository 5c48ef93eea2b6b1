-- Tokens that open nothing any more; each is forgotten when it would have expired.
CREATE TABLE revoked_token (
  app            TEXT NOT NULL,
  hash           TEXT NOT NULL,     -- hex SHA-256 of all that the token's signature covers
  expires_ms     BIGINT NOT NULL,
  revoked_ms     BIGINT NOT NULL,
  PRIMARY KEY (app, hash)
);
CREATE INDEX revoked_token_expires ON revoked_token (expires_ms);

ALTER TABLE track ADD COLUMN muted INTEGER NOT NULL DEFAULT 0; -- 1: by order of an administrator
