package dev.tapedeck.media.core.sctp;

import java.util.ArrayList;
import java.util.List;

/** Counts what messages queued and in flight hold, and notices streams that have run low. */
final class SendBuffer {
  private final int capacityBytes;
  private final int lowBytes;
  private final List<OutboundStream> low = new ArrayList<>();
  private long usedBytes;

  SendBuffer(SctpLimits limits) {
    capacityBytes = limits.sendBufferBytes();
    lowBytes = limits.bufferedLowBytes();
  }

  boolean hasRoom(int bytes) {
    return usedBytes == 0 || usedBytes + bytes + SctpLimits.OVERHEAD_BYTES <= capacityBytes;
  }

  void add(OutboundMessage message) {
    usedBytes += message.data.length + SctpLimits.OVERHEAD_BYTES;
    message.stream.bufferedBytes += message.data.length;
  }

  /** The peer has these bytes of the message, or they were given up. */
  void settle(OutboundMessage message, int bytes) {
    if (message.isSettled()) {
      return;
    }
    int settled = message.settle(bytes);
    OutboundStream stream = message.stream;
    boolean wasAbove = stream.bufferedBytes > lowBytes;
    stream.bufferedBytes -= settled;
    usedBytes -= settled + (message.isSettled() ? SctpLimits.OVERHEAD_BYTES : 0);
    if (wasAbove && stream.bufferedBytes <= lowBytes) {
      low.add(stream);
    }
  }

  void settleAll(OutboundMessage message) {
    settle(message, message.data.length);
  }

  /** Streams that have run low since the last call; valid until something is settled. */
  List<OutboundStream> takeLow() {
    if (low.isEmpty()) {
      return List.of();
    }
    List<OutboundStream> taken = List.copyOf(low);
    low.clear();
    return taken;
  }
}
