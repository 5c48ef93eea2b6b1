package dev.tapedeck.media.io.spool;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * SHA-256 of a chunk as it grows, which may be computed behind it and on another thread. What asks for the value waits
 * for the rest. Pieces are added and the value is asked for by the spool thread; any thread may help.
 */
final class ChunkHash {
  private final Queue<byte[]> behind = new ConcurrentLinkedQueue<>();
  private final MessageDigest digest = newSha256();

  /** @param piece not changed from now on */
  void add(byte[] piece) {
    behind.add(piece);
  }

  /** Hashes what was added and is not hashed yet; on return nothing of it is held. */
  void catchUp() {
    while (hashNext()) {
      // goes on with the next piece
    }
  }

  /** Hashes the first piece that is behind. @return false if there is none */
  synchronized boolean hashNext() {
    byte[] piece = behind.poll();
    if (piece == null) {
      return false;
    }
    digest.update(piece);
    return true;
  }

  /** Of everything added, 32 bytes. */
  byte[] value() {
    return valueWith(new byte[0], 0);
  }

  /** As if the first bytes of {@code more} had been added; they are not. */
  synchronized byte[] valueWith(byte[] more, int bytes) {
    catchUp();
    MessageDigest copy = copy(digest);
    copy.update(more, 0, bytes);
    return copy.digest();
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("SHA-256 of the platform can be cloned", e);
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
