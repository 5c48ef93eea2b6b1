package dev.tapedeck.media.core.sdp;

import dev.tapedeck.protocol.codec.Codec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One payload format of an m-line as its {@code rtpmap}, {@code fmtp} and {@code rtcp-fb} lines tell, with the payload
 * type that carries its retransmissions (RFC 4588 §8.1).
 *
 * @param payloadType    0..127
 * @param name           as written; compared without case
 * @param clockRate      ticks per second
 * @param channels       of audio; 1 where none are written
 * @param fmtp           format parameters as written, empty for none
 * @param feedback       {@code rtcp-fb} values in order, such as {@code nack pli}
 * @param rtxPayloadType payload type of the {@code rtx} format that repairs this one
 */
public record PayloadFormat(
    int payloadType,
    String name,
    int clockRate,
    int channels,
    String fmtp,
    List<String> feedback,
    OptionalInt rtxPayloadType) {
  public PayloadFormat {
    feedback = List.copyOf(feedback);
  }

  /** The codec, if it is one that is forwarded and taped. */
  public Optional<Codec> codec() {
    return Codec.bySdpName(name);
  }

  boolean isNamed(String other) {
    return name.equalsIgnoreCase(other);
  }

  /** Value of one format parameter, found without regard to case. */
  public Optional<String> parameter(String key) {
    for (String part : fmtp.split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0 && part.substring(0, equals).strip().equalsIgnoreCase(key)) {
        return Optional.of(part.substring(equals + 1).strip());
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a receiver that negotiated one of the two decodes what the other describes, so that a publisher's packets
   * may go out under the watcher's payload type. Levels are not compared: each side tells its own.
   */
  public boolean matches(PayloadFormat other) {
    return isNamed(other.name)
        && clockRate == other.clockRate
        && channels == other.channels
        && (!isNamed("H264") || matchesH264(other))
        && (!isNamed("VP9") || parameterOr("profile-id", "0").equals(other.parameterOr("profile-id", "0")))
        && (!isNamed("AV1") || parameterOr("profile", "0").equals(other.parameterOr("profile", "0")));
  }

  /** RFC 6184 §8.2.2: profile and packetization mode are symmetric, the level is not. */
  private boolean matchesH264(PayloadFormat other) {
    H264Profile profile = H264Profile.of(this);
    return profile != H264Profile.UNKNOWN
        && profile == H264Profile.of(other)
        && packetizationMode().equals(other.packetizationMode());
  }

  String packetizationMode() {
    return parameterOr("packetization-mode", "0");
  }

  String parameterOr(String key, String fallback) {
    return parameter(key).orElse(fallback);
  }

  PayloadFormat withFmtp(String changed) {
    return new PayloadFormat(payloadType, name, clockRate, channels, changed, feedback, rtxPayloadType);
  }

  PayloadFormat withFeedback(List<String> changed) {
    return new PayloadFormat(payloadType, name, clockRate, channels, fmtp, changed, rtxPayloadType);
  }
}
