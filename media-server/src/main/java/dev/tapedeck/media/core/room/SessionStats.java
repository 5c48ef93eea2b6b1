package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.session.Visibility;
import java.util.List;
import java.util.Optional;

/**
 * How the media of one session flow.
 *
 * @param session        of its stay in the room
 * @param isWatcher      it only receives, so nobody was told that it joined
 * @param visibility     whether others may know of it
 * @param roundTripNanos to it as a publisher, 0 while unknown
 */
public record SessionStats(
    String app,
    String room,
    String peer,
    long session,
    boolean isWatcher,
    Visibility visibility,
    long roundTripNanos,
    List<SentTrackStats> sent,
    Optional<ReceivedStats> received) {}
