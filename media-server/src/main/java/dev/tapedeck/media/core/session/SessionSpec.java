package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import java.util.List;
import java.util.Optional;

/**
 * All a worker needs to start a session: what the token says and what offer and answer agreed on.
 *
 * @param id            2^32..2^53-1, unique while the server runs
 * @param connection    unguessable name of the session's HTTP resource
 * @param role          which way media flows
 * @param join          the room it belongs to from the start; empty only for MEET, which may join later
 * @param local         our ICE credentials
 * @param remoteUfrag   the client's ICE user name fragment
 * @param fingerprint   of the client's certificate
 * @param reducedSizeRtcp whether {@code rtcp-rsize} was agreed (RFC 5506)
 * @param media         one for each m-line, in order
 * @param requestAddress of the client that made the HTTP request, as its connection tells; may be a proxy's
 * @param watchedPeer   WATCH: whose tracks fill the first slots; empty for the first peer there is
 * @param sctp          our side of the SCTP association, if data channels were agreed on
 * @param meeting       MEET only, and always there: what the session protocol begins with
 */
public record SessionSpec(
    long id,
    String connection,
    Role role,
    String app,
    Optional<Join> join,
    IceCredentials local,
    String remoteUfrag,
    Fingerprint fingerprint,
    boolean reducedSizeRtcp,
    List<NegotiatedMedia> media,
    String requestAddress,
    String watchedPeer,
    Optional<SctpConfig> sctp,
    Optional<Meeting> meeting) {

  /** RTCP canonical name of all we send in this session; the answer announced the same. */
  public String cname() {
    return connection.substring(0, Math.min(16, connection.length()));
  }

  /** The room of a session that has one from the start. */
  public Join requireJoin() {
    return join.orElseThrow();
  }

  /** Which way media flows. */
  public enum Role {
    /** The client sends (WHIP). */
    PUBLISH,
    /** The client receives (WHEP). */
    WATCH,
    /** The client does both, and says over a data channel what. */
    MEET
  }
}
