package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.List;
import java.util.Optional;

/**
 * All a worker needs to start a session: what the token says and what offer and answer agreed on.
 *
 * @param id            2^32..2^53-1, unique while the server runs
 * @param connection    unguessable name of the session's HTTP resource
 * @param role          which way media flows
 * @param record        tape what this session sends
 * @param recordExclude  keep this session off every tape, also off its room's
 * @param recordPolicy  what of this session is taped, if its token says; else what its room says
 * @param local         our ICE credentials
 * @param remoteUfrag   the client's ICE user name fragment
 * @param fingerprint   of the client's certificate
 * @param reducedSizeRtcp whether {@code rtcp-rsize} was agreed (RFC 5506)
 * @param media         one for each m-line, in order
 * @param requestAddress of the client that made the HTTP request, as its connection tells; may be a proxy's
 * @param watchedPeer   WATCH: whose tracks fill the first slots; empty for the first peer there is
 * @param sctp          our side of the SCTP association, if data channels were agreed on
 */
public record SessionSpec(
    long id,
    String connection,
    Role role,
    String app,
    String room,
    String peer,
    boolean record,
    boolean recordExclude,
    Optional<RecordPolicy> recordPolicy,
    IceCredentials local,
    String remoteUfrag,
    Fingerprint fingerprint,
    boolean reducedSizeRtcp,
    List<NegotiatedMedia> media,
    String requestAddress,
    String watchedPeer,
    Optional<SctpConfig> sctp) {

  /** RTCP canonical name of all we send in this session; the answer announced the same. */
  public String cname() {
    return connection.substring(0, Math.min(16, connection.length()));
  }

  /** Which way media flows. */
  public enum Role {
    /** The client sends (WHIP). */
    PUBLISH,
    /** The client receives (WHEP). */
    WATCH
  }
}
