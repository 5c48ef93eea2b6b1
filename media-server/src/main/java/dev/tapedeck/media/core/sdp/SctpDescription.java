package dev.tapedeck.media.core.sdp;

import java.util.Optional;

/**
 * What one side says of data channels in an {@code m=application} line (RFC 8841).
 *
 * @param port            {@code a=sctp-port}, 1..65535
 * @param maxMessageBytes {@code a=max-message-size}: longest message it takes; 0 for any
 */
public record SctpDescription(int port, long maxMessageBytes) {
  static final String KIND = "application";
  static final String FORMAT = "webrtc-datachannel";

  /** What an m-line without {@code a=max-message-size} means (RFC 8841 §6.1). */
  private static final long DEFAULT_MAX_MESSAGE_BYTES = 65_536;

  private static final String PORT = "sctp-port";
  private static final String MAX_MESSAGE_SIZE = "max-message-size";

  /** Whether an m-line is for data channels at all. */
  static boolean isMeantBy(MediaDescription media) {
    return media.kind().equals(KIND) && media.protocol().endsWith("DTLS/SCTP") && media.formats().contains(FORMAT);
  }

  /**
   * Reads the m-line of data channels.
   *
   * @return empty without {@code a=sctp-port}, as drafts before RFC 8841 wrote it
   * @throws SdpException if a number is none, or out of range
   */
  static Optional<SctpDescription> of(MediaDescription media) {
    long maxMessageBytes = value(media, MAX_MESSAGE_SIZE)
        .map(size -> Fields.number(MAX_MESSAGE_SIZE, size, 0, Long.MAX_VALUE))
        .orElse(DEFAULT_MAX_MESSAGE_BYTES);
    return value(media, PORT)
        .map(port -> new SctpDescription((int) Fields.number(PORT, port, 1, 65_535), maxMessageBytes));
  }

  private static Optional<String> value(MediaDescription media, String name) {
    return media.others().stream()
        .filter(attribute -> attribute.name().equals(name)).map(Attribute::value).findFirst();
  }

  void announce(MediaBuilder line) {
    line.formats.add(FORMAT);
    line.others.add(new Attribute(PORT, Integer.toString(port)));
    line.others.add(new Attribute(MAX_MESSAGE_SIZE, Long.toString(maxMessageBytes)));
  }
}
