package dev.tapedeck.protocol.codec;

import java.util.Optional;

/** The codecs that are forwarded, recorded and put into files. Names are those of their RTP payload formats. */
public enum Codec {
  /** RFC 7587. */
  OPUS("opus", 48_000, 2, MediaKind.AUDIO),
  /** RFC 7741. */
  VP8("VP8", 90_000, 0, MediaKind.VIDEO),
  /** RFC 9628. */
  VP9("VP9", 90_000, 0, MediaKind.VIDEO),
  /** RFC 6184. */
  H264("H264", 90_000, 0, MediaKind.VIDEO),
  /** RTP Payload Format For AV1, v1.0. */
  AV1("AV1", 90_000, 0, MediaKind.VIDEO);

  private static final Codec[] ALL = values();

  private final String sdpName;
  private final int clockRate;
  private final int channels;
  private final MediaKind kind;

  Codec(String sdpName, int clockRate, int channels, MediaKind kind) {
    this.sdpName = sdpName;
    this.clockRate = clockRate;
    this.channels = channels;
    this.kind = kind;
  }

  /** @param encodingName of an rtpmap attribute, in any case (RFC 8866 §6.6) */
  public static Optional<Codec> bySdpName(String encodingName) {
    for (Codec codec : ALL) {
      if (codec.sdpName.equalsIgnoreCase(encodingName)) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }

  public String sdpName() {
    return sdpName;
  }

  /** RTP timestamp ticks per second. */
  public int clockRate() {
    return clockRate;
  }

  /** Channels of the rtpmap attribute, 0 for video. */
  public int channels() {
    return channels;
  }

  public MediaKind kind() {
    return kind;
  }
}
