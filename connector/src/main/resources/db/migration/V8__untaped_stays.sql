-- 1 for a session that was not to be taped: the recordings of its room say so, for as long as it was there.
ALTER TABLE peer_session ADD COLUMN untaped INTEGER NOT NULL DEFAULT 0;
