package dev.tapedeck.media.core.sdp;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code a=ssrc-group:<semantics> <ssrc> ...} (RFC 5576 §4.2).
 *
 * @param semantics {@code FID} pairs a source with its retransmissions
 */
public record SsrcGroup(String semantics, List<Long> ssrcs) {
  public static final String FID = "FID";

  public SsrcGroup {
    ssrcs = List.copyOf(ssrcs);
  }

  static SsrcGroup parse(String value) {
    String[] words = Fields.words("ssrc-group needs its semantics", value, 1);
    return new SsrcGroup(
        Fields.token("ssrc-group semantics", words[0]), Arrays.stream(words).skip(1).map(Fields::ssrc).toList());
  }

  /** Whether this pairs exactly one source with one retransmission source. */
  boolean isRetransmissionPair() {
    return semantics.equals(FID) && ssrcs.size() == 2;
  }

  @Override
  public String toString() {
    return semantics + ssrcs.stream().map(ssrc -> " " + ssrc).collect(Collectors.joining());
  }
}
