package dev.tapedeck.media.core.sdp;

import java.util.List;

/**
 * What the {@code a=ssrc} lines say of one synchronization source (RFC 5576 §4.1).
 *
 * @param ssrc       0..2^32-1
 * @param attributes in the order written
 */
public record SsrcDescription(long ssrc, List<Attribute> attributes) {
  public SsrcDescription {
    attributes = List.copyOf(attributes);
  }

  /** The canonical name, empty when not told. */
  public String cname() {
    return attributes.stream().filter(a -> a.name().equals("cname")).map(Attribute::value).findFirst().orElse("");
  }
}
