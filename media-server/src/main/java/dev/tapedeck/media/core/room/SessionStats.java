package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.session.Visibility;
import java.util.List;
import java.util.Optional;

/**
 * How the media of one session flow.
 *
 * @param session        of its stay in the room
 * @param isUntold       nobody was told that it joined, for it only receives or is hidden
 * @param visibility     whether others may know of it
 * @param roundTripNanos to it as a publisher, 0 while unknown
 */
public record SessionStats(
    String app,
    String room,
    String peer,
    long session,
    boolean isUntold,
    Visibility visibility,
    long roundTripNanos,
    List<SentTrackStats> sent,
    Optional<ReceivedStats> received) {}
