package dev.tapedeck.media.core.limit;

/**
 * How much each may take of a server, so that it is not taken from others.
 *
 * @param sessions          of the server
 * @param appSessions       of one app
 * @param rooms             of the server
 * @param roomSessions      of one room
 * @param sessionTracks     m-lines or names of one session, sent and received each
 * @param sessionLabels     labels one session publishes to or subscribes to
 * @param roomLabels        labels in one room
 * @param messageBytes      longest message to a label
 * @param sessionRequests   requests per second of one session over its data channel; twice as many at once
 * @param sessionDataBytes  bytes per second of one session over DTLS, each datagram counted with
 *                          {@link #DATAGRAM_OVERHEAD_BYTES}; as many at once
 * @param sessionDeliveries messages per second to single members that one session causes, each
 *                          {@link #DELIVERY_BYTES} begun counted; twice as many at once
 * @param addressRequests   HTTP requests per second from one address; twice as many at once
 * @param appRequests       HTTP requests per second of one app; twice as many at once
 */
public record Limits(
    int sessions,
    int appSessions,
    int rooms,
    int roomSessions,
    int sessionTracks,
    int sessionLabels,
    int roomLabels,
    int messageBytes,
    int sessionRequests,
    int sessionDataBytes,
    int sessionDeliveries,
    int addressRequests,
    int appRequests) {
  /** What taking a datagram costs beyond its bytes, so that many tiny ones cannot evade the limit. */
  public static final int DATAGRAM_OVERHEAD_BYTES = 64;

  /** What counts as one delivery. */
  public static final int DELIVERY_BYTES = 1 << 10;

  public static Limits defaults() {
    return new Limits(10_000, 10_000, 10_000, 2_000, 128, 64, 256, 64 << 10, 200, 1 << 20, 10_000, 500, 2_000);
  }
}
