package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.RtcClient;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.process.SocketDrops;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What subscribers have counted, or by how much two such counts differ.
 *
 * @param packets     received
 * @param lost        by the gaps in their numbering
 * @param clientDrops of those, thrown away at our own full sockets
 * @param rejected    of the decrypted sample, those that failed SRTP
 */
public record ReceivedCount(long packets, long lost, long clientDrops, long rejected) {

  static ReceivedCount of(List<RtcClient> clients) throws IOException {
    List<SessionStats> stats = clients.stream().map(RtcClient::stats).toList();
    Set<Integer> ports = clients.stream()
        .map(client -> client.path().port().localAddress().getPort())
        .collect(Collectors.toSet());
    return new ReceivedCount(stats.stream().mapToLong(SessionStats::packetsReceived).sum(),
        stats.stream().mapToLong(SessionStats::lostPackets).sum(), SocketDrops.total(ports),
        stats.stream().mapToLong(SessionStats::rejected).sum());
  }

  ReceivedCount since(ReceivedCount before) {
    return new ReceivedCount(packets - before.packets, lost - before.lost, clientDrops - before.clientDrops,
        rejected - before.rejected);
  }
}
