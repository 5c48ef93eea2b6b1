package dev.tapedeck.media;

import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.protocol.config.ByteSize;
import dev.tapedeck.protocol.config.Ranges;
import dev.tapedeck.protocol.config.Setting;
import java.util.List;

/** {@code limits.*}: how much a session, a room, an app or an address may take. Each is counted where it bites. */
public record LimitSettings(
    @Setting(value = "10000", help = "Sessions of this server, 1 to 1000000; see also media.max-sessions, per"
        + " worker.")
    int sessions,
    @Setting(value = "10000", help = "Sessions of one app, 1 to 1000000.") int appSessions,
    @Setting(value = "10000", help = "Rooms of this server, 1 to 1000000.") int rooms,
    @Setting(value = "2000", help = "Sessions of one room, 1 to 100000; who publishes by WHIP and watches by WHEP"
        + " has two.")
    int roomSessions,
    @Setting(value = "128", help = "Tracks one session sends, and as many that it receives, 1 to 1000.")
    int sessionTracks,
    @Setting(value = "64", help = "Labels of messages one session publishes to, and as many that it subscribes to, 1"
        + " to 10000.")
    int sessionLabels,
    @Setting(value = "256", help = "Labels of messages in one room, 1 to 100000.") int roomLabels,
    @Setting(value = "64KiB", help = "Longest message to a label, 1 KiB to 256 KiB.") ByteSize messageSize,
    @Setting(value = "200", help = "Requests per second of one session over its data channel, messages included, 1"
        + " to 100000; twice as many at once.")
    int sessionRequests,
    @Setting(value = "1MiB", help = "What one session sends over DTLS in a second, 64 KiB to 1 GiB; more is dropped,"
        + " and SCTP sends it again, slower.")
    ByteSize sessionData,
    @Setting(value = "10000", help = "Messages of up to 1 KiB per second that one session has delivered to members,"
        + " 1 to 10000000; longer ones count for more. Twice as many at once.")
    int sessionDeliveries,
    @Setting(value = "500", help = "HTTP requests per second from one address, or one /64 of IPv6, 1 to 1000000;"
        + " twice as many at once.")
    int addressRequests,
    @Setting(value = "2000", help = "HTTP requests per second with tokens of one app, 1 to 1000000; twice as many at"
        + " once.")
    int appRequests,
    @Setting(value = "", help = "IP addresses of your reverse proxies, one by one: a request from one counts for the"
        + " last address in its X-Forwarded-For that is none of them.")
    List<String> proxies) {
  private static final int MILLION = 1_000_000;

  public LimitSettings {
    new Ranges()
        .within("sessions", sessions, 1, MILLION)
        .within("app-sessions", appSessions, 1, MILLION)
        .within("rooms", rooms, 1, MILLION)
        .within("room-sessions", roomSessions, 1, 100_000)
        .within("session-tracks", sessionTracks, 1, 1_000)
        .within("session-labels", sessionLabels, 1, 10_000)
        .within("room-labels", roomLabels, 1, 100_000)
        .within("message-size", messageSize, new ByteSize(1 << 10), new ByteSize(256 << 10))
        .within("session-requests", sessionRequests, 1, 100_000)
        .within("session-data", sessionData, new ByteSize(64 << 10), ByteSize.ofMebibytes(1024))
        .within("session-deliveries", sessionDeliveries, 1, 10 * MILLION)
        .within("address-requests", addressRequests, 1, MILLION)
        .within("app-requests", appRequests, 1, MILLION)
        .addresses("proxies", proxies)
        .check();
  }

  /** The same without units of configuration. */
  public Limits limits() {
    return new Limits(sessions, appSessions, rooms, roomSessions, sessionTracks, sessionLabels, roomLabels,
        Math.toIntExact(messageSize.bytes()), sessionRequests, Math.toIntExact(sessionData.bytes()), sessionDeliveries,
        addressRequests, appRequests);
  }
}
