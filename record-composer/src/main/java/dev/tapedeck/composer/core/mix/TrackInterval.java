package dev.tapedeck.composer.core.mix;

/** A time in which a track was there. A track that stopped and came back has several.
 *  @param fromNanos on the recording's axis
 *  @param toNanos   end, exclusive; at or before {@code fromNanos} the interval is empty and ignored */
public record TrackInterval(TrackKey track, boolean video, long fromNanos, long toNanos) {}
