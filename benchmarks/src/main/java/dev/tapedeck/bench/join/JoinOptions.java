package dev.tapedeck.bench.join;

import java.time.Duration;

/**
 * What the command line decides.
 *
 * @param joins            of each round
 * @param atOnce           how many join at the same time
 * @param rehearsal        joins before anything is measured, in which the server compiles
 * @param rounds           storms, each beside a quiet window
 * @param subscribers      of the room that plays meanwhile
 * @param packetsPerSecond of its publisher
 * @param quiet            length of the windows without joins
 */
record JoinOptions(
    int joins, int atOnce, int rehearsal, int rounds, int subscribers, int packetsPerSecond, Duration quiet) {}
