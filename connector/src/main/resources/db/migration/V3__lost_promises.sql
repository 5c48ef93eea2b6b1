-- A process that takes over from a dead one promises again what it still has; what it does not, and never came, is lost.
ALTER TABLE chunk ADD COLUMN incarnation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE chunk ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
