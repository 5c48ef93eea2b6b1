package dev.tapedeck.media.core.sctp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Messages of the Data Channel Establishment Protocol (RFC 8832 §5).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * | message type  | channel type  |            priority           |
 * |                     reliability parameter                     |
 * |         label length          |        protocol length        |
 * |                      label, then protocol                     |
 * </pre>
 */
final class Dcep {
  static final int ACK = 2;
  static final int OPEN = 3;

  private static final int OPEN_BYTES = 12;
  private static final int RELIABLE = 0;
  private static final int RETRANSMITS = 1;
  private static final int LIFETIME = 2;
  private static final int UNORDERED = 0x80;

  private Dcep() {}

  static byte[] ack() {
    return new byte[] {ACK};
  }

  static byte[] open(ChannelParameters parameters) {
    byte[] label = parameters.label().getBytes(StandardCharsets.UTF_8);
    byte[] protocol = parameters.protocol().getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(OPEN_BYTES + label.length + protocol.length);
    int order = parameters.isOrdered() ? 0 : UNORDERED;
    message.put((byte) OPEN);
    message.put((byte) (typeOf(parameters.reliability()) | order));
    message.putShort((short) parameters.priority());
    message.putInt(limitOf(parameters.reliability()));
    message.putShort((short) label.length).putShort((short) protocol.length);
    return message.put(label).put(protocol).array();
  }

  private static int typeOf(Reliability reliability) {
    return switch (reliability) {
      case Reliability.Full() -> RELIABLE;
      case Reliability.Retransmits(int count) -> RETRANSMITS;
      case Reliability.Lifetime(int millis) -> LIFETIME;
    };
  }

  private static int limitOf(Reliability reliability) {
    return switch (reliability) {
      case Reliability.Full() -> 0;
      case Reliability.Retransmits(int count) -> count;
      case Reliability.Lifetime(int millis) -> millis;
    };
  }

  /** What a DCEP message is, or -1. */
  static int typeOf(byte[] message) {
    return message.length == 0 ? -1 : message[0];
  }

  /**
   * Reads OPEN.
   *
   * @param maxNameBytes of label and protocol together
   * @return empty if it is too short, of an unknown channel type, or the names are too long
   */
  static Optional<ChannelParameters> readOpen(byte[] message, int maxNameBytes) {
    if (message.length < OPEN_BYTES) {
      return Optional.empty();
    }
    ByteBuffer reader = ByteBuffer.wrap(message, 1, message.length - 1);
    int type = Byte.toUnsignedInt(reader.get());
    int priority = Short.toUnsignedInt(reader.getShort());
    Optional<Reliability> reliability = reliability(type & ~UNORDERED, reader.getInt());
    int labelBytes = Short.toUnsignedInt(reader.getShort());
    int protocolBytes = Short.toUnsignedInt(reader.getShort());
    int nameBytes = labelBytes + protocolBytes;
    if (reliability.isEmpty() || nameBytes > maxNameBytes || nameBytes > reader.remaining()) {
      return Optional.empty();
    }
    String label = new String(message, OPEN_BYTES, labelBytes, StandardCharsets.UTF_8);
    String protocol = new String(message, OPEN_BYTES + labelBytes, protocolBytes, StandardCharsets.UTF_8);
    // What was no UTF-8 reads as U+FFFD, which is longer, and may be too long for a name.
    return isName(label) && isName(protocol)
        ? Optional.of(new ChannelParameters(label, protocol, (type & UNORDERED) == 0, reliability.get(), priority))
        : Optional.empty();
  }

  private static boolean isName(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length <= 0xFFFF;
  }

  /** Limits beyond 2^31-1 are as good as that. */
  private static Optional<Reliability> reliability(int type, int limit) {
    int most = limit < 0 ? Integer.MAX_VALUE : limit;
    return switch (type) {
      case RELIABLE -> Optional.of(Reliability.FULL);
      case RETRANSMITS -> Optional.of(new Reliability.Retransmits(most));
      case LIFETIME -> Optional.of(new Reliability.Lifetime(most));
      default -> Optional.empty();
    };
  }
}
