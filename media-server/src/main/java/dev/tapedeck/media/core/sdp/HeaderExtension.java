package dev.tapedeck.media.core.sdp;

import dev.tapedeck.protocol.codec.MediaKind;
import java.util.Optional;

/** The RTP header extensions this server understands or forwards, by the URI that names them in SDP (RFC 8285 §5). */
public enum HeaderExtension {
  /** Loudness of the audio in the packet (RFC 6464). */
  SSRC_AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level", Kinds.AUDIO, Roles.BOTH),
  ABS_SEND_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", Kinds.BOTH, Roles.BOTH),
  /** Transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
  TRANSPORT_WIDE_CC(
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", Kinds.BOTH, Roles.BOTH),
  /** Which m-line a packet belongs to (RFC 9143 §15). */
  MID("urn:ietf:params:rtp-hdrext:sdes:mid", Kinds.BOTH, Roles.BOTH),
  /** Which simulcast stream a packet belongs to (RFC 8852). */
  RTP_STREAM_ID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", Kinds.BOTH, Roles.PUBLISH),
  /** Which simulcast stream a retransmission repairs (RFC 8852). */
  REPAIRED_RTP_STREAM_ID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", Kinds.BOTH, Roles.PUBLISH),
  /** Rotation of the camera (3GPP TS 26.114 §7.4.5). */
  VIDEO_ORIENTATION("urn:3gpp:video-orientation", Kinds.VIDEO, Roles.BOTH),
  /** Layers and what they depend on (RTP payload format for AV1, appendix A). */
  DEPENDENCY_DESCRIPTOR(
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
      Kinds.VIDEO, Roles.BOTH),
  /** Rates the publisher gives its layers: for this server, not for watchers. */
  VIDEO_LAYERS_ALLOCATION(
      "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00", Kinds.VIDEO, Roles.PUBLISH),
  /** Kept on the tape; watchers choose their own delay. */
  PLAYOUT_DELAY("http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", Kinds.VIDEO, Roles.PUBLISH),
  COLOR_SPACE("http://www.webrtc.org/experiments/rtp-hdrext/color-space", Kinds.VIDEO, Roles.BOTH),
  VIDEO_CONTENT_TYPE("http://www.webrtc.org/experiments/rtp-hdrext/video-content-type", Kinds.VIDEO, Roles.BOTH),
  ABS_CAPTURE_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", Kinds.BOTH, Roles.BOTH);

  private enum Kinds { AUDIO, VIDEO, BOTH }

  private enum Roles { PUBLISH, BOTH }

  private final String uri;
  private final Kinds kinds;
  private final Roles roles;

  HeaderExtension(String uri, Kinds kinds, Roles roles) {
    this.uri = uri;
    this.kinds = kinds;
    this.roles = roles;
  }

  public String uri() {
    return uri;
  }

  /** The extension of this URI, compared exactly; empty for one that is not understood here. */
  public static Optional<HeaderExtension> of(String uri) {
    for (HeaderExtension extension : values()) {
      if (extension.uri.equals(uri)) {
        return Optional.of(extension);
      }
    }
    return Optional.empty();
  }

  boolean isFor(MediaKind kind, AnswerParams.Role role) {
    boolean suitsKind = switch (kinds) {
      case AUDIO -> kind == MediaKind.AUDIO;
      case VIDEO -> kind == MediaKind.VIDEO;
      case BOTH -> true;
    };
    return suitsKind && (roles == Roles.BOTH || role == AnswerParams.Role.PUBLISH);
  }
}
