package dev.tapedeck.media;

import dev.tapedeck.media.io.connector.ConnectorClient;
import dev.tapedeck.media.io.connector.ConnectorUploadLink;
import dev.tapedeck.media.io.connector.SpoolEventTeller;
import dev.tapedeck.media.io.spool.Spool;
import dev.tapedeck.media.io.store.OwnStoreLink;
import dev.tapedeck.media.io.store.OwnStores;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.Heartbeat;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Uploads what a dead media server left, under its number and with its settings, without taking calls: recovery, and then
 * nothing but uploads until the connector has everything.
 */
final class SpoolRetry {
  private static final long POLL_NANOS = 50_000_000;

  private SpoolRetry() {}

  /**
   * @param folder   the spool; held for as long as this runs
   * @param patience to wait at most
   * @return bytes that are still not stored; 0 when all is
   * @throws IOException if the folder is in use or cannot be read
   */
  static long run(Path folder, MediaConfig config, Duration patience) throws IOException, InterruptedException {
    SecureRandom random = new SecureRandom();
    long startedMillis = System.currentTimeMillis();
    try (OwnStores stores = new OwnStores(config.record().storeUri(), config.appStores());
        ConnectorClient connector = ConnectorDial.client(config.node(),
            command -> CommandResult.newBuilder().setError("this node takes no calls").build(),
            Heartbeat::getDefaultInstance, random);
        Spool spool = Spool.open(folder, config.record().spool(),
            new OwnStoreLink(stores, new ConnectorUploadLink(connector), startedMillis),
            new SpoolEventTeller(connector, System::currentTimeMillis), random)) {
      connector.start();
      long deadline = System.nanoTime() + patience.toNanos();
      while (!spool.isEmpty() && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      connector.flush(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      return spool.counters().unsentBytes.get();
    }
  }
}
