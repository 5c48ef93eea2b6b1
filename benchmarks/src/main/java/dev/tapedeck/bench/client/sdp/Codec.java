package dev.tapedeck.bench.client.sdp;

/**
 * One codec of an m-line, with the payload types this client wants for it.
 *
 * @param name           as in {@code a=rtpmap}
 * @param clockRate      ticks per second of the RTP timestamp
 * @param channels       1 if the rtpmap has no channel count
 * @param fmtp           format parameters, empty for none
 * @param rtxPayloadType payload type of its retransmissions (RFC 4588), or {@link #NO_RTX}
 */
public record Codec(String name, int payloadType, int clockRate, int channels, String fmtp, int rtxPayloadType) {
  public static final int NO_RTX = -1;

  public static Codec opus(int payloadType) {
    return new Codec("opus", payloadType, 48_000, 2, "minptime=10;useinbandfec=1", NO_RTX);
  }

  public static Codec vp8(int payloadType, int rtxPayloadType) {
    return new Codec("VP8", payloadType, 90_000, 1, "", rtxPayloadType);
  }

  public static Codec vp9(int payloadType, int rtxPayloadType) {
    return new Codec("VP9", payloadType, 90_000, 1, "profile-id=0", rtxPayloadType);
  }

  public static Codec h264(int payloadType, int rtxPayloadType) {
    return new Codec("H264", payloadType, 90_000, 1,
        "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", rtxPayloadType);
  }

  public static Codec av1(int payloadType, int rtxPayloadType) {
    return new Codec("AV1", payloadType, 90_000, 1, "level-idx=5;profile=0;tier=0", rtxPayloadType);
  }

  public boolean hasRtx() {
    return rtxPayloadType != NO_RTX;
  }
}
