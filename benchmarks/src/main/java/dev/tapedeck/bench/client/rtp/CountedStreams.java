package dev.tapedeck.bench.client.rtp;

import java.util.Arrays;

/**
 * The streams of a client that only counts, by SSRC: what it does for each packet must cost next to nothing, since there
 * are thousands of such clients in one process. Found one after the other; a client has few streams.
 */
final class CountedStreams {
  private static final int FIRST_ROOM = 4;

  private int[] ssrcs = new int[FIRST_ROOM];
  private Stream[] streams = new Stream[FIRST_ROOM];
  private int count;
  private int latest;

  /** One stream and the m-line it belongs to. */
  record Stream(IncomingSlot slot, PacketCounter counter) {}

  /** @return null if nothing was added for it */
  Stream find(int ssrc) {
    if (latest < count && ssrcs[latest] == ssrc) {
      return streams[latest];
    }
    for (int i = 0; i < count; i++) {
      if (ssrcs[i] == ssrc) {
        latest = i;
        return streams[i];
      }
    }
    return null;
  }

  Stream add(int ssrc, Stream stream) {
    if (count == ssrcs.length) {
      ssrcs = Arrays.copyOf(ssrcs, 2 * count);
      streams = Arrays.copyOf(streams, 2 * count);
    }
    ssrcs[count] = ssrc;
    streams[count] = stream;
    count++;
    return stream;
  }
}
