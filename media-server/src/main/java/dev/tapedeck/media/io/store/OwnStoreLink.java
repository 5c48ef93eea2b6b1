package dev.tapedeck.media.io.store;

import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.media.io.spool.UploadLink;
import dev.tapedeck.protocol.wire.ChunkSealed;
import java.io.IOException;
import java.util.Optional;

/**
 * Signs uploads itself where the destination stands in this node's configuration, and asks the connector for the others.
 * What was stored the connector verifies in either case.
 */
public final class OwnStoreLink implements UploadLink {
  private final OwnStores stores;
  private final UploadLink connector;
  private final long startedMillis;

  /** @param startedMillis Unix milliseconds at which this process began */
  public OwnStoreLink(OwnStores stores, UploadLink connector, long startedMillis) {
    this.stores = stores;
    this.connector = connector;
    this.startedMillis = startedMillis;
  }

  @Override
  public Optional<PresignedPut> requestUrl(ChunkSealed chunk) throws IOException, InterruptedException {
    Optional<PutSigner> own = stores.of(chunk.getTape().getApp());
    if (own.isEmpty()) {
      return connector.requestUrl(chunk);
    }
    if (isOfEarlierProcess(chunk) && isVerified(chunk)) {
      return Optional.empty();
    }
    return Optional.of(own.get().sign(chunk.getKey(), chunk.getBytes(), chunk.getSha256().toByteArray()));
  }

  @Override
  public void confirmStored(ChunkSealed chunk) throws IOException, InterruptedException {
    connector.confirmStored(chunk);
  }

  private boolean isOfEarlierProcess(ChunkSealed chunk) {
    return chunk.getToMs() < startedMillis;
  }

  /** The dead process may have stored more of this chunk than its journal kept; that must not be put over. */
  private boolean isVerified(ChunkSealed chunk) throws InterruptedException {
    try {
      connector.confirmStored(chunk);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
