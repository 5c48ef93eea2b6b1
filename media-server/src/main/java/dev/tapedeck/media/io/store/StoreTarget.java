package dev.tapedeck.media.io.store;

import dev.tapedeck.media.io.spool.ChunkPut;
import dev.tapedeck.media.io.spool.SpoolExport;
import dev.tapedeck.protocol.store.StoreUri;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/** Objects of a bucket, put with the keys of its {@link StoreUri}. */
public final class StoreTarget implements SpoolExport.Target, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final PutSigner signer;
  private final ChunkPut store = new ChunkPut(TIMEOUT);

  public StoreTarget(StoreUri place) {
    signer = new PutSigner(place);
  }

  @Override
  public void put(String key, byte[] content) throws IOException, InterruptedException {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
      store.put(signer.sign(key, content.length, sha256), content);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw new IOException("cannot put " + key + " into " + signer + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    store.close();
    signer.close();
  }
}
