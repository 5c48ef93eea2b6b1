-- The gaps a chunk holds, as a ChunkSealed with nothing else in it: all that is known of them until its tape is closed.
ALTER TABLE chunk ADD COLUMN gaps ${blob};
