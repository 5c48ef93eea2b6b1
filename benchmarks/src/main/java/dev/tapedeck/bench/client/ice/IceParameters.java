package dev.tapedeck.bench.client.ice;

import java.util.List;

/**
 * What one side tells the other about its ICE: credentials and candidates (RFC 8839 §5).
 *
 * @param candidates possibly empty: an ICE-lite server needs none of ours
 */
public record IceParameters(String ufrag, String password, List<IceCandidate> candidates) {
  public IceParameters {
    candidates = List.copyOf(candidates);
  }
}
