package dev.tapedeck.media.core.sctp;

import java.nio.charset.StandardCharsets;

/**
 * What both sides know of a data channel (RFC 8831 §6.4).
 *
 * @param label    as the application named it; up to 65,535 bytes of UTF-8
 * @param protocol subprotocol, usually empty; up to 65,535 bytes of UTF-8
 * @param priority RFC 8831 §6.4: 128 below normal, 256 normal, 512 high, 1024 extra high; told to the peer, not used here
 */
public record ChannelParameters(
    String label, String protocol, boolean isOrdered, Reliability reliability, int priority) {
  public static final int NORMAL_PRIORITY = 256;

  private static final int MAX_NAME_BYTES = 0xFFFF;

  public ChannelParameters {
    checkName("label", label);
    checkName("protocol", protocol);
    if (priority < 0 || priority > 0xFFFF) {
      throw new IllegalArgumentException("priority is " + priority + ", must be 0..65535");
    }
  }

  private static void checkName(String what, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(what + " has " + bytes + " bytes, at most " + MAX_NAME_BYTES);
    }
  }

  /** Ordered and reliable, as an {@code RTCDataChannel} is by default. */
  public static ChannelParameters reliable(String label) {
    return new ChannelParameters(label, "", true, Reliability.FULL, NORMAL_PRIORITY);
  }
}
