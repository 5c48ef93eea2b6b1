-- The tracks of a tape as its last chunk told them, as a TapeClosed with nothing else in it: all that is known of them until
-- the tape is closed.
ALTER TABLE tape ADD COLUMN tracks ${blob};
