package dev.tapedeck.composer.core.verify;

import dev.tapedeck.composer.core.verify.Finding.Kind;
import dev.tapedeck.protocol.manifest.ChunkChain;
import dev.tapedeck.protocol.manifest.Manifest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Whether the chunks a manifest lists for a session are those, in that order, that its chain was made of. The chain of
 * hashes ties the list together; that the bytes have these hashes is checked where they are read.
 */
public final class ChainCheck {
  private ChainCheck() {}

  /** The first link that does not fit, and the session's own if that one does not; manifests before the chain have none. */
  public static List<Finding> check(Manifest.Session session) {
    if (session.chain().isEmpty() && session.chunks().stream().allMatch(chunk -> chunk.chain().isEmpty())) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    String name = session.peer() + "/" + session.session();
    Optional<String> link = Optional.empty();
    byte[] bytes = new byte[32];
    for (Manifest.Chunk chunk : session.chunks()) {
      if (!chunk.sha256().matches("[0-9a-f]{64}")) {
        return List.of(new Finding(Kind.CHAIN, name, "chunk " + chunk.index() + " has no SHA-256"));
      }
      bytes = ChunkChain.next(bytes, HexFormat.of().parseHex(chunk.sha256()));
      link = Optional.of(HexFormat.of().formatHex(bytes));
      if (!chunk.chain().equals(link)) {
        findings.add(new Finding(Kind.CHAIN, name, "chunk " + chunk.index() + " is not what was chained there"));
        break;
      }
    }
    if (findings.isEmpty() && !session.chain().equals(link)) {
      findings.add(new Finding(Kind.CHAIN, name, "ends with chunk "
          + (session.chunks().isEmpty() ? "none" : "" + session.chunks().getLast().index())
          + ", its chain does not: chunks are missing at the end"));
    }
    return findings;
  }
}
