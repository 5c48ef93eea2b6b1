package dev.tapedeck.media.core.sdp;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What this server puts into an answer.
 *
 * @param ice            credentials of the session
 * @param fingerprint    of the certificate this server presents
 * @param candidates     where the session is reached, most preferred first; at least one
 * @param sessionId      for the {@code o=} line, 0..2^63-1
 * @param sessionVersion for the {@code o=} line; greater with each answer of a session
 * @param cname          RTCP canonical name of all that is sent, also first part of its stream ids; a token of at most
 *                       32 characters
 * @param ssrcs          gives an SSRC, 1..2^32-1, that nothing else in the session uses
 * @param sctp           what we say of data channels; empty to refuse them
 */
public record AnswerParams(
    Role role,
    IceCredentials ice,
    Fingerprint fingerprint,
    List<IceCandidate> candidates,
    long sessionId,
    long sessionVersion,
    String cname,
    LongSupplier ssrcs,
    Optional<SctpDescription> sctp) {
  private static final int MAX_CNAME_CHARS = 32;

  /** What the client came for. */
  public enum Role {
    /** It sends, we receive (WHIP, RFC 9725). */
    PUBLISH,
    /** It receives, we send (WHEP). */
    WATCH,
    /** Both, each on m-lines of its own: it sends where it offers to send, and receives on the others. */
    MEET
  }

  public AnswerParams {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("an ICE-lite answer needs at least one candidate");
    }
    if (sessionId < 0) {
      throw new IllegalArgumentException("sessionId must not be negative: " + sessionId);
    }
    if (cname.length() > MAX_CNAME_CHARS) {
      throw new IllegalArgumentException("cname has " + cname.length() + " characters; at most " + MAX_CNAME_CHARS);
    }
    Fields.token("cname", cname);
  }

  /** After an ICE restart. */
  public AnswerParams withIce(IceCredentials restarted) {
    return new AnswerParams(
        role, restarted, fingerprint, candidates, sessionId, sessionVersion, cname, ssrcs, sctp);
  }

  /** For the next answer of the session. */
  public AnswerParams nextVersion() {
    return new AnswerParams(role, ice, fingerprint, candidates, sessionId, sessionVersion + 1, cname, ssrcs, sctp);
  }
}
