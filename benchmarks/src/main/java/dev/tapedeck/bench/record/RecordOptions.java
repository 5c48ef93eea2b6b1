package dev.tapedeck.bench.record;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the command line decides.
 *
 * @param publishers    each in a room of its own
 * @param subscribers   of each publisher
 * @param bitsPerSecond of each publisher, RTP headers included
 * @param window        length of each measurement; chunks are closed at this age, so that one upload of every tape
 *                      falls into each window
 * @param warmUp        between the first packet and a window
 * @param warmUpTapes   short recordings of every publisher before that, in which the server compiles what it runs
 * @param warmUpRounds  pairs of windows that are not counted
 * @param rounds        pairs of windows, one without recording and one with
 * @param turns         pairs of short turns, in which only the forwarding threads are looked at
 * @param data          folder of server, store and connector
 * @param crypto        SRTP back end of the server, null for its own choice
 * @param profile       SRTP profile the clients offer
 */
record RecordOptions(int publishers, int subscribers, int bitsPerSecond, Duration window, Duration warmUp,
    int warmUpTapes, int warmUpRounds, int rounds, int turns, Path data, String crypto, String profile) {
  /** RTP header and payload. */
  static final int PACKET_BYTES = 1200;

  int packetsPerSecond() {
    return bitsPerSecond / Byte.SIZE / PACKET_BYTES;
  }
}
