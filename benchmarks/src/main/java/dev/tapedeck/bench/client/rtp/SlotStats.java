package dev.tapedeck.bench.client.rtp;

/**
 * Counters of one receiving m-line.
 *
 * @param ssrcs     different media SSRCs seen; a server that goes on without a break shows 1
 * @param received  different packets, repaired ones included
 * @param repaired  packets that came by RTX and were missing
 * @param lost      packets given up
 * @param missing   packets missing at this moment that may still come
 * @param jumps     breaks of the sequence numbering that were no loss
 * @param nacksSent sequence numbers asked for
 */
public record SlotStats(String mid, int ssrcs, long received, long repaired, long duplicates, long lost, long missing,
    long jumps, long nacksSent, long payloadBytes) {}
