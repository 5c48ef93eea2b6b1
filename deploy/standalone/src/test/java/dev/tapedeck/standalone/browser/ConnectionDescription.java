package dev.tapedeck.standalone.browser;

import java.util.List;
import java.util.Map;

/**
 * One connection of a browser to the server.
 *
 * @param connectionState  of RTCPeerConnection: "connected" when media may flow
 * @param iceUfrag         the browser's user fragment on the path in use, empty before there is one
 * @param serverCandidates as the server's answer had them
 * @param extensionIds     what the browser offered, id by URI (RFC 8285)
 */
public record ConnectionDescription(
    String connectionState, String iceUfrag, List<Candidate> serverCandidates, Map<String, Integer> extensionIds) {

  /** A transport address of the server. */
  public record Candidate(String address, int port) {}
}
