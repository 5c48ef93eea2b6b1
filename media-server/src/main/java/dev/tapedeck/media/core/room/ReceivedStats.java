package dev.tapedeck.media.core.room;

/**
 * What a client is sent, from the beginning of its session on.
 *
 * @param packets        sent for the first time
 * @param octets         of their payload
 * @param lostPackets    by the client's reports
 * @param roundTripNanos by the client's reports, 0 while unknown
 */
public record ReceivedStats(long packets, long octets, long lostPackets, long roundTripNanos) {}
