package dev.tapedeck.media.core.sdp;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which codecs and which feedback are accepted: what is forwarded, taped and written to files, nothing else. */
final class CodecPolicy {
  static final String AUDIO_CODECS = "opus";
  static final String VIDEO_CODECS = "VP8, VP9, H264, AV1";

  private static final int OPUS_CLOCK_RATE = 48_000;
  private static final int VIDEO_CLOCK_RATE = 90_000;

  private static final Set<String> VP9_PUBLISHED_PROFILES = Set.of("0", "2");
  private static final Set<String> VP9_WATCHED_PROFILES = Set.of("0", "1", "2", "3");
  private static final Set<String> H264_PACKETIZATION_MODES = Set.of("0", "1");

  // No goog-remb: the transport-wide feedback tells more, and a browser obeys the lower of both.
  private static final Set<String> FEEDBACK = Set.of("transport-cc", "ccm fir", "nack", "nack pli");

  // What a receiver says of its own limits (RFC 7741 §6.1). We have none, and echoed they would bind the publisher.
  private static final Set<String> RECEIVER_LIMITS = Set.of("max-fs", "max-fr");

  private CodecPolicy() {}

  /** Accepted codecs of an offered m-line, as the answer gives them, in the offerer's order of preference. */
  static List<Codec> accepted(MediaDescription offered, AnswerParams.Role role) {
    return offered.codecs().stream()
        .filter(codec -> accepts(codec, offered.mediaKind(), role))
        .map(CodecPolicy::answered)
        .toList();
  }

  private static boolean accepts(Codec codec, MediaKind kind, AnswerParams.Role role) {
    return switch (kind) {
      case AUDIO -> codec.isNamed("opus") && codec.clockRate() == OPUS_CLOCK_RATE && codec.channels() == 2;
      case VIDEO -> codec.clockRate() == VIDEO_CLOCK_RATE && acceptsVideo(codec, role);
      case APPLICATION, OTHER -> false;
    };
  }

  private static boolean acceptsVideo(Codec codec, AnswerParams.Role role) {
    if (codec.isNamed("VP9")) {
      Set<String> profiles = role == AnswerParams.Role.WATCH ? VP9_WATCHED_PROFILES : VP9_PUBLISHED_PROFILES;
      return profiles.contains(codec.parameterOr("profile-id", "0"));
    }
    if (codec.isNamed("H264")) {
      return H264_PACKETIZATION_MODES.contains(codec.packetizationMode());
    }
    return codec.isNamed("VP8") || codec.isNamed("AV1");
  }

  private static Codec answered(Codec offered) {
    String fmtp = Arrays.stream(offered.fmtp().split(";"))
        .map(String::strip)
        .filter(parameter -> !RECEIVER_LIMITS.contains(parameter.split("=", 2)[0]))
        .collect(Collectors.joining(";"));
    return offered
        .withFmtp(fmtp)
        .withFeedback(offered.feedback().stream().filter(FEEDBACK::contains).toList());
  }
}
