package dev.tapedeck.bench.client.rtp;

/**
 * One packet that left a client, as its log keeps it; retransmissions are not entries of their own.
 *
 * @param ssrc           of the media stream
 * @param sequenceNumber 0..65535
 * @param rtpTimestamp   unsigned 32 bits
 * @param frameNumber    of the clip, from 0
 * @param payloadCrc32   of the RTP payload
 * @param sentWallNanos  since 1970
 */
public record SentPacket(
    int ssrc, int sequenceNumber, long rtpTimestamp, long frameNumber, int payloadCrc32, long sentWallNanos) {}
