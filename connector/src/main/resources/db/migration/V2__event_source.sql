-- Events that come from elsewhere carry an id of their sender, because a sender that got no answer sends again.
ALTER TABLE event ADD COLUMN source_id TEXT;
CREATE UNIQUE INDEX event_source ON event (app, source_id);
