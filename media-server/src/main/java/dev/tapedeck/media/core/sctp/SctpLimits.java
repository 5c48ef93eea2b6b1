package dev.tapedeck.media.core.sctp;

/**
 * What one association may use at most.
 *
 * @param maxPacketBytes     longest SCTP packet we send; there is no path MTU discovery. Default 1150, 576..65535
 * @param maxMessageBytes    longest message received, as {@code a=max-message-size} says. A longer one ends the
 *                           association. Default 256 KiB, 1 KiB..64 MiB
 * @param sendBufferBytes    messages queued or in flight, each counted with {@link #OVERHEAD_BYTES}. A message into an
 *                           empty buffer is always taken. Default 1 MiB, at least 1 KiB
 * @param receiveBufferBytes fragments and messages waiting for what is missing, each counted with
 *                           {@link #OVERHEAD_BYTES}; the receive window of RFC 9260. What is next in sequence is taken up
 *                           to {@code maxMessageBytes} beyond it. Default 1 MiB, at least 4 KiB
 * @param maxStreams         streams each way, so the highest channel id plus one. Default 1024, 1..65535
 * @param maxChannels        channels at one time. Default 128, 1..65535
 * @param maxNameBytes       label and protocol of a channel the peer opens, together. Default 1024, 0..131070
 * @param bufferedLowBytes   see {@link SctpEvent.BufferedLow}. Default 64 KiB
 */
public record SctpLimits(
    int maxPacketBytes,
    int maxMessageBytes,
    int sendBufferBytes,
    int receiveBufferBytes,
    int maxStreams,
    int maxChannels,
    int maxNameBytes,
    int bufferedLowBytes) {

  /** What keeping a fragment or message costs beyond its bytes, so that many tiny ones cannot evade the limits. */
  public static final int OVERHEAD_BYTES = 64;

  public SctpLimits {
    check("max packet bytes", maxPacketBytes, 576, 0xFFFF);
    check("max message bytes", maxMessageBytes, 1 << 10, 1 << 26);
    check("send buffer bytes", sendBufferBytes, 1 << 10, Integer.MAX_VALUE);
    check("receive buffer bytes", receiveBufferBytes, 1 << 12, 1 << 30);
    check("max streams", maxStreams, 1, 0xFFFF);
    check("max channels", maxChannels, 1, 0xFFFF);
    check("max name bytes", maxNameBytes, 0, 2 * 0xFFFF);
    check("buffered low bytes", bufferedLowBytes, 0, Integer.MAX_VALUE);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + least + ".." + most);
    }
  }

  public static SctpLimits defaults() {
    return new SctpLimits(1150, 256 << 10, 1 << 20, 1 << 20, 1024, 128, 1024, 64 << 10);
  }
}
