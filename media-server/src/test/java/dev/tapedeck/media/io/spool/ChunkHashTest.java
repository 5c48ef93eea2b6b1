package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkHashTest {
  private final ChunkHash hash = new ChunkHash();
  private final MessageDigest expected = sha256();

  @Test
  void valueHoldsWhatIsBehindAsWell() {
    hash.add(bytes(1, 100));
    hash.catchUp();
    hash.add(bytes(2, 100_000));
    hash.add(bytes(3, 0));
    assertThat(hash.value()).isEqualTo(expected.digest());
  }

  @Test
  void askingWithMoreAddsNothing() {
    hash.add(bytes(1, 1000));
    byte[] more = {1, 2, 3, 4};
    MessageDigest withMore = sha256();
    withMore.update(new byte[] {1, 2});
    assertThat(new ChunkHash().valueWith(more, 2)).isEqualTo(withMore.digest());
    hash.valueWith(more, 4);
    assertThat(hash.value()).isEqualTo(expected.digest());
  }

  /** However the two threads take turns, pieces are hashed once and in order. */
  @Test
  void twoThreadsHashOneChunk() throws InterruptedException {
    HashHelper helper = new HashHelper();
    assertThat(helper.offer(hash)).as("it does not run yet").isFalse();
    helper.start();
    int taken = 0;
    for (int piece = 0; piece < 3000; piece++) {
      hash.add(bytes(piece, 1 + piece % 5000));
      if (helper.offer(hash)) {
        taken++;
      } else {
        hash.hashNext();
      }
    }
    byte[] value = hash.value();
    helper.close();

    assertThat(taken).isPositive();
    assertThat(value).isEqualTo(expected.digest());
    assertThat(helper.offer(hash)).as("it is closed").isFalse();
  }

  private byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    expected.update(bytes);
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
