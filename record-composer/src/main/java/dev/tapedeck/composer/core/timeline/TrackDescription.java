package dev.tapedeck.composer.core.timeline;

import dev.tapedeck.composer.core.media.MediaCodec;
import java.util.Map;
import java.util.Optional;

/**
 * One SSRC of a session as its `track` entries describe it.
 *
 * @param number      number of the track within the session's chunks
 * @param name        what the publisher calls it; the layers of a simulcast share it
 * @param rid         simulcast layer (RFC 8851), "" without simulcast
 * @param payloadType of the media packets, 0..127
 * @param clockRate   ticks per second of the RTP timestamps
 * @param channels    of the negotiated format, 0 for video
 * @param extensions  header extension id to URI (RFC 8285)
 */
public record TrackDescription(int number, String name, String mid, String rid, long ssrc, MediaCodec codec,
    int payloadType, int clockRate, int channels, String fmtp, Map<Integer, String> extensions) {
  /** Coordination of video orientation, 3GPP TS 26.114 7.4.5. */
  private static final String VIDEO_ORIENTATION = "urn:3gpp:video-orientation";

  public TrackDescription {
    extensions = Map.copyOf(extensions);
  }

  /** Id of the header extension that carries the rotation, if it was negotiated. */
  public Optional<Integer> orientationId() {
    return extensions.entrySet().stream()
        .filter(extension -> extension.getValue().equals(VIDEO_ORIENTATION))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether {@code other} is the same media in another quality, or this one published again. */
  boolean isLayerOf(TrackDescription other) {
    return !rid.isEmpty() && !other.rid.isEmpty() && name.equals(other.name) && mid.equals(other.mid)
        && codec == other.codec;
  }
}
