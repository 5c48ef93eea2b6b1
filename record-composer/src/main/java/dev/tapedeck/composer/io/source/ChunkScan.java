package dev.tapedeck.composer.io.source;

import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.rebuild.SessionTally;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A chunk that was read to its last byte.
 *
 * @param reader stands at the end; tells header, state and the first damage
 * @param sha256 lower-case hex, of the whole object
 * @param bytes  of the whole object
 */
record ChunkScan(ChunkReader reader, String sha256, long bytes) {
  private static final int READ_BYTES = 1 << 16;

  /**
   * Reads one chunk and shows its intact entries to the tally.
   *
   * @throws java.io.FileNotFoundException if it is not in the store
   */
  static ChunkScan read(ObjectStore store, String key, SessionTally tally) throws IOException {
    MessageDigest sha256 = newSha256();
    CountingStream counted = new CountingStream(new DigestInputStream(store.open(key), sha256));
    try (InputStream in = new BufferedInputStream(counted, READ_BYTES); ChunkReader reader = ChunkReader.open(in)) {
      tally.nextChunk();
      while (reader.next()) {
        tally.entry(reader.entry());
      }
      in.transferTo(OutputStream.nullOutputStream()); // the hash is over the whole object, also behind a torn entry
      return new ChunkScan(reader, HexFormat.of().formatHex(sha256.digest()), counted.bytes());
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
