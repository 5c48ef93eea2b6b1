package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.dtls.Fingerprint;
import java.util.List;
import java.util.Optional;

/**
 * What offer and answer agreed on.
 *
 * @param answer            to be written to the client
 * @param media             one entry per m-line, in order, rejected ones included
 * @param remoteUfrag       ICE fragment of the client
 * @param remotePwd         ICE password of the client
 * @param remoteFingerprint the one the client's certificate has to have: the best hash offered
 * @param remoteSctp        what the client says of data channels; empty when none were agreed on
 */
public record Negotiated(
    SessionDescription answer,
    List<NegotiatedMedia> media,
    String remoteUfrag,
    String remotePwd,
    Fingerprint remoteFingerprint,
    Optional<SctpDescription> remoteSctp) {
  public Negotiated {
    media = List.copyOf(media);
  }

  public String answerText() {
    return SdpWriter.write(answer);
  }

  @Override
  public String toString() {
    return "Negotiated[" + media + ", " + remoteUfrag + ", " + remoteFingerprint + "]";
  }
}
