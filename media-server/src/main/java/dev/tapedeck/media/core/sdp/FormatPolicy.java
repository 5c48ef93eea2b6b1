package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.sdp.AnswerParams.Role;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.MediaKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which formats and which feedback are accepted: what is forwarded, taped and written to files, nothing else. */
final class FormatPolicy {
  private static final Set<String> VP9_PUBLISHED_PROFILES = Set.of("0", "2");
  private static final Set<String> VP9_WATCHED_PROFILES = Set.of("0", "1", "2", "3");
  private static final Set<String> H264_PACKETIZATION_MODES = Set.of("0", "1");

  // No goog-remb: the transport-wide feedback tells more, and a browser obeys the lower of both.
  private static final Set<String> FEEDBACK = Set.of("transport-cc", "ccm fir", "nack", "nack pli");

  // What a receiver says of its own limits (RFC 7741 §6.1). We have none, and echoed they would bind the publisher.
  private static final Set<String> RECEIVER_LIMITS = Set.of("max-fs", "max-fr");

  private FormatPolicy() {}

  /** Accepted formats of an offered m-line, as the answer gives them, in the offerer's order of preference. */
  static List<PayloadFormat> accepted(MediaDescription offered, MediaKind kind, Role role) {
    return offered.codecs().stream()
        .filter(format -> format.codec().filter(codec -> accepts(format, codec, kind, role)).isPresent())
        .map(FormatPolicy::answered)
        .toList();
  }

  /** Names of what {@link #accepted} takes, for people. */
  static String names(MediaKind kind) {
    return Arrays.stream(Codec.values())
        .filter(codec -> codec.kind() == kind)
        .map(Codec::sdpName)
        .collect(Collectors.joining(", "));
  }

  private static boolean accepts(PayloadFormat format, Codec codec, MediaKind kind, Role role) {
    return codec.kind() == kind && format.clockRate() == codec.clockRate() && switch (codec) {
      case OPUS -> format.channels() == codec.channels();
      case VP8, AV1 -> true;
      case VP9 -> (role == Role.WATCH ? VP9_WATCHED_PROFILES : VP9_PUBLISHED_PROFILES)
          .contains(format.parameterOr("profile-id", "0"));
      case H264 -> H264_PACKETIZATION_MODES.contains(format.packetizationMode());
    };
  }

  private static PayloadFormat answered(PayloadFormat offered) {
    String fmtp = Arrays.stream(offered.fmtp().split(";"))
        .map(String::strip)
        .filter(parameter -> !RECEIVER_LIMITS.contains(parameter.split("=", 2)[0]))
        .collect(Collectors.joining(";"));
    return offered
        .withFmtp(fmtp)
        .withFeedback(offered.feedback().stream().filter(FEEDBACK::contains).toList());
  }
}
