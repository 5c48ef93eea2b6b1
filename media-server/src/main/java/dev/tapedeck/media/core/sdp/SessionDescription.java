package dev.tapedeck.media.core.sdp;

import java.util.List;

/**
 * A description of a session: an offer or an answer (RFC 8866). A value; {@link SdpParser} reads it, {@link SdpWriter}
 * writes it.
 *
 * @param name   value of the {@code s=} line
 * @param bundle mids of the BUNDLE group in order (RFC 9143), empty for no group
 * @param others attributes of the session kept as they are
 */
public record SessionDescription(
    Origin origin,
    String name,
    List<String> bundle,
    boolean iceLite,
    List<Attribute> others,
    List<MediaDescription> media) {
  public SessionDescription {
    bundle = List.copyOf(bundle);
    others = List.copyOf(others);
    media = List.copyOf(media);
  }
}
