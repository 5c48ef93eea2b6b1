package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.dtls.Fingerprint;
import java.util.List;
import java.util.Optional;

/** ICE and DTLS parameters of an m-line (RFC 8839 §5, RFC 8122 §5, RFC 8842 §5). */
public record TransportDescription(
    Optional<String> iceUfrag,
    Optional<String> icePwd,
    List<String> iceOptions,
    List<Fingerprint> fingerprints,
    Optional<Setup> setup) {
  /** Nothing said. */
  public static final TransportDescription NONE =
      new TransportDescription(Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty());

  public TransportDescription {
    iceOptions = List.copyOf(iceOptions);
    fingerprints = List.copyOf(fingerprints);
  }
}
