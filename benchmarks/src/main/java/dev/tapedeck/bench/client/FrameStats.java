package dev.tapedeck.bench.client;

/**
 * Frames of one slot of a watcher.
 *
 * @param frames               complete ones
 * @param brokenFrames         with a packet that never came
 * @param backwardTimestamps   packets whose RTP timestamp was before that of the packet in front of them
 * @param highestTimestampStep widest step forward, in ticks of the clock rate
 */
public record FrameStats(String mid, long frames, long keyFrames, long brokenFrames, long backwardTimestamps,
    long highestTimestampStep) {}
