package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.UnheardEvents;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.wire.ChunkSealed;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in where no connector is configured: nothing is uploaded and nothing is deleted. What was taped waits in the
 * spool until the server is started again with a connector.
 */
public final class NoConnector extends UnheardEvents implements UploadLink {
  private final CountDownLatch never = new CountDownLatch(1);

  @Override
  public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws InterruptedException {
    never.await();
    throw new IllegalStateException("unreachable");
  }

  @Override
  public void confirmStored(ChunkSealed chunk) throws InterruptedException {
    never.await();
  }
}
