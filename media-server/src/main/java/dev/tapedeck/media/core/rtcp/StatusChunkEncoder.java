package dev.tapedeck.media.core.rtcp;

/**
 * Packs status symbols into the chunks of transport-wide feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.2 to §3.1.4): a run where one symbol repeats, else 14
 * symbols of one bit, else 7 of two.
 */
final class StatusChunkEncoder {
  private static final int MAX_RUN = (1 << 13) - 1;
  private static final int ONE_BIT_SYMBOLS = 14;
  private static final int TWO_BIT_SYMBOLS = 7;

  private final short[] chunks;
  private int count;

  /** Symbols not yet in a chunk; of a run only the first one stands here. */
  private final byte[] open = new byte[ONE_BIT_SYMBOLS];
  private int openCount;
  private boolean isRun;
  private boolean hasLargeDelta;

  /** @param maxChunks that {@link #add} may fill; one more is kept for {@link #finish} */
  StatusChunkEncoder(int maxChunks) {
    chunks = new short[maxChunks + 2];
  }

  void clear() {
    count = 0;
    clearOpen();
  }

  /** Chunks there are if no symbol comes any more; at most one more with the next symbol. */
  int chunksIfFinished() {
    return openCount == 0 ? count : count + 1;
  }

  void add(int symbol) {
    if (!fits(symbol)) {
      closeChunk();
    }
    isRun = openCount == 0 || isRun && open[0] == symbol;
    hasLargeDelta |= symbol == RtcpPackets.LARGE_DELTA;
    if (openCount < ONE_BIT_SYMBOLS) {
      open[openCount] = (byte) symbol;
    }
    openCount++;
  }

  /** Closes the last chunk and tells how many there are. */
  int finish() {
    if (openCount > 0) {
      put(isRun ? run() : hasLargeDelta || openCount <= TWO_BIT_SYMBOLS ? twoBits(openCount) : oneBit());
      clearOpen();
    }
    return count;
  }

  int chunk(int index) {
    return chunks[index];
  }

  private boolean fits(int symbol) {
    return openCount < TWO_BIT_SYMBOLS
        || openCount < ONE_BIT_SYMBOLS && !hasLargeDelta && symbol != RtcpPackets.LARGE_DELTA
        || openCount < MAX_RUN && isRun && open[0] == symbol;
  }

  /** Makes a chunk of the open symbols, or of the first seven of them. */
  private void closeChunk() {
    if (isRun) {
      put(run());
      clearOpen();
    } else if (openCount == ONE_BIT_SYMBOLS) {
      put(oneBit());
      clearOpen();
    } else {
      put(twoBits(TWO_BIT_SYMBOLS));
      keepFrom(TWO_BIT_SYMBOLS);
    }
  }

  private void keepFrom(int first) {
    int left = openCount - first;
    clearOpen();
    for (int i = 0; i < left; i++) {
      add(open[first + i]);
    }
  }

  private void clearOpen() {
    openCount = 0;
    isRun = false;
    hasLargeDelta = false;
  }

  private void put(int chunk) {
    chunks[count++] = (short) chunk;
  }

  private int run() {
    return open[0] << 13 | openCount;
  }

  private int oneBit() {
    int chunk = 0x8000;
    for (int i = 0; i < openCount; i++) {
      chunk |= open[i] << 13 - i;
    }
    return chunk;
  }

  private int twoBits(int symbols) {
    int chunk = 0xC000;
    for (int i = 0; i < symbols; i++) {
      chunk |= open[i] << 12 - 2 * i;
    }
    return chunk;
  }
}
