package dev.tapedeck.composer.core.verify;

import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a chunk that was read to its end with what it says itself and what the manifest says of it. */
public final class ChunkVerifier {
  private ChunkVerifier() {}

  /**
   * What is wrong with a chunk.
   *
   * @param reader   read until {@code next} was false
   * @param sha256   lower-case hex, of all bytes
   * @param promised what the manifest says; empty when there is none
   */
  public static List<Finding> verify(String key, ChunkReader reader, String sha256, Optional<Manifest.Chunk> promised) {
    List<Finding> findings = new ArrayList<>();
    switch (reader.state()) {
      case COMPLETE, READING -> {}
      case UNSEALED -> findings.add(new Finding(Kind.UNSEALED, key,
          "no end mark after " + reader.entries() + " entries"));
      case TORN -> findings.add(new Finding(Kind.TRUNCATED, key, reader.damagedAt(),
          "torn at byte " + reader.damagedAt()));
      case CORRUPT -> findings.add(new Finding(Kind.CORRUPT, key, reader.damagedAt(), corruption(reader)));
    }
    promised.filter(chunk -> findings.isEmpty() && !chunk.sha256().equals(sha256)).ifPresent(chunk ->
        findings.add(new Finding(Kind.WRONG_HASH, key, "SHA-256 is " + sha256 + ", promised was " + chunk.sha256())));
    return findings;
  }

  private static String corruption(ChunkReader reader) {
    if (reader.header().isEmpty()) {
      return "not a chunk of a version known here";
    }
    return reader.damagedEntries() == 0
        ? "the end mark does not fit what stands before it, or bytes follow; at byte " + reader.damagedAt()
        : reader.damagedEntries() + " damaged entries, the first at byte " + reader.damagedAt();
  }

  /** Whether the header belongs where the chunk was found; names what does not fit. */
  public static Optional<Finding> verifyPlace(String key, ChunkHeader header, long recording, String peer, long session,
      int index) {
    boolean fits = header.recording() == recording && header.session() == session && header.peer().equals(peer)
        && header.index() == index;
    if (!fits) {
      return Optional.of(new Finding(Kind.FOREIGN, key, "is chunk " + header.index() + " of recording "
          + header.recording() + ", session " + header.session()));
    }
    return header.encryption().cipher() == 0 ? Optional.empty()
        : Optional.of(new Finding(Kind.ENCRYPTED, key, "cipher " + header.encryption().cipher()));
  }
}
