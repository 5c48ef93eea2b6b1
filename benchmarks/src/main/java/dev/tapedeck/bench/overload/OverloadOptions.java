package dev.tapedeck.bench.overload;

import java.time.Duration;

/**
 * What the command line decides.
 *
 * @param publishers       of a voice and a picture, each in a room of its own
 * @param subscribers      of each publisher
 * @param firstPerSecond   packets of each picture in the first step
 * @param steps            at most, each half as much again as the one before
 * @param overloadPercent  of what was offered at the peak, offered at last
 * @param settle           before each window
 * @param window           of each step
 * @param isRecorded       whether all publishers are taped
 */
record OverloadOptions(int publishers, int subscribers, int firstPerSecond, int steps, int overloadPercent,
    Duration settle, Duration window, boolean isRecorded) {}
