-- A recording closed because its media server was not heard of for too long; what the server tells later corrects it.
ALTER TABLE recording ADD COLUMN close_assumed INTEGER NOT NULL DEFAULT 0;
