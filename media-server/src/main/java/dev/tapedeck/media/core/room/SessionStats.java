package dev.tapedeck.media.core.room;

import java.util.List;
import java.util.Optional;

/**
 * How the media of one session flow.
 *
 * @param session        of its stay in the room
 * @param isUntold       nobody was told that it joined, for it only receives or is hidden
 * @param roundTripNanos to it as a publisher, 0 while unknown
 */
public record SessionStats(
    String app,
    String room,
    String peer,
    long session,
    boolean isUntold,
    long roundTripNanos,
    List<SentTrackStats> sent,
    Optional<ReceivedStats> received) {}
