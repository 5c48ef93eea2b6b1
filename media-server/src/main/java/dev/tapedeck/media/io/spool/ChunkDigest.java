package dev.tapedeck.media.io.spool;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * SHA-256 of a chunk, worked out beside the thread that writes the journal, since it takes as long as the writing. Bytes
 * are taken in order, and whoever asks for the sum waits until all of them are in it. Used by one thread at a time.
 */
final class ChunkDigest {
  private final Executor executor;
  private final MessageDigest digest = newSha256();
  private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);

  /** @param executor where it is worked out; it runs nothing at the same time for one chunk */
  ChunkDigest(Executor executor) {
    this.executor = executor;
  }

  /** @param bytes not changed until they are in the sum */
  void update(byte[] bytes) {
    done = done.thenRunAsync(() -> digest.update(bytes), executor);
  }

  /** The sum of everything so far and of these bytes, which are not taken. */
  byte[] with(byte[] bytes, int length) {
    done.join();
    try {
      MessageDigest copy = (MessageDigest) digest.clone();
      copy.update(bytes, 0, length);
      return copy.digest();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("SHA-256 of the platform can be cloned", e);
    }
  }

  /** The sum of everything so far. */
  byte[] sum() {
    return with(new byte[0], 0);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
