package dev.tapedeck.media.core.room;

/**
 * What a client sends of one track, its simulcast layers together, from the beginning of its session on.
 *
 * @param packets         that came, by themselves or repaired
 * @param octets          of their payload
 * @param lostPackets     that came neither way
 * @param repairedPackets that came as retransmissions
 * @param jitterNanos     of the layer with the most (RFC 3550 §6.4.1)
 */
public record SentTrackStats(
    String track, long packets, long octets, long lostPackets, long repairedPackets, long jitterNanos) {}
