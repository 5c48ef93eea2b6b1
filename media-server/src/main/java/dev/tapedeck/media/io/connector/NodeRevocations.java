package dev.tapedeck.media.io.connector;

import dev.tapedeck.media.core.session.Revocations;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that open nothing any more at this media server: those its connector told of, now or before an earlier
 * stop, and those of whom it has thrown out itself. Each is forgotten when it would have expired. Safe for use by many
 * threads.
 */
public final class NodeRevocations implements Revocations {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRevocations.class);

  private final RevokedTokenFile file;
  private final LongSupplier wallMillis;
  private final Map<String, TokenFingerprint> byHash = new ConcurrentHashMap<>();

  /** Whether the file does not hold what this does. */
  private volatile boolean isUnsaved;

  private NodeRevocations(RevokedTokenFile file, LongSupplier wallMillis) {
    this.file = file;
    this.wallMillis = wallMillis;
  }

  /**
   * Takes up what an earlier process knew.
   *
   * @param wallMillis gives Unix milliseconds
   * @throws IOException when the file is there and cannot be read
   */
  public static NodeRevocations open(Path path, LongSupplier wallMillis) throws IOException {
    NodeRevocations opened = new NodeRevocations(new RevokedTokenFile(path), wallMillis);
    opened.file.read().forEach(opened::revoke);
    opened.isUnsaved = false;
    return opened;
  }

  @Override
  public boolean isRevoked(TokenFingerprint token) {
    return byHash.containsKey(token.hash());
  }

  @Override
  public void revoke(TokenFingerprint token) {
    if (byHash.put(token.hash(), token) == null) {
      isUnsaved = true;
    }
  }

  /** Takes note of what the connector told. @return whether any of it is news; then {@link #save} */
  boolean learn(RevokedTokens told) {
    List<TokenFingerprint> news = told.getTokensList().stream()
        .map(token -> new TokenFingerprint(token.getHash(), token.getExpiresMs()))
        .filter(token -> !isRevoked(token))
        .toList();
    news.forEach(this::revoke);
    return !news.isEmpty();
  }

  /** Forgets what has expired, and keeps the rest for the next process; does nothing when the file is up to date. */
  public synchronized void save() {
    long now = wallMillis.getAsLong();
    boolean hasForgotten = byHash.values().removeIf(token -> token.expiresAtMillis() <= now);
    if (!isUnsaved && !hasForgotten) {
      return;
    }
    isUnsaved = false; // before it is written: what is revoked meanwhile is for the next time
    try {
      file.write(byHash.values());
    } catch (IOException e) {
      isUnsaved = true;
      LOG.atWarn().addKeyValue("file", file).addKeyValue("reason", e.toString()).log(
          "revoked tokens not kept; after a restart they are refused once the connector has told them again");
    }
  }
}
